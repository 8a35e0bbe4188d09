package io.urrl.actors.objective;

/** Numbers of the tensors that make up a version on its way out, and a result on its way in. */
public final class Parts {
  /** Of a version: the trained parameters. */
  public static final int PARAMETERS = 0;

  /** Of a whole version: the momentum encoder's parameters. */
  public static final int MOMENTUM_ENCODER = 1;

  /** Of a result: the gradient. */
  public static final int GRADIENT = 0;

  /** Of a result: what the worker says of it. */
  public static final int REPORT = 1;

  private static final int COMPANIONS = 2;

  /** More than any objective has parts. */
  private static final int PARTS = 1 << 16;

  /**
   * A part of one slice of the parameters' version; of the first slice it is the part's own number.
   *
   * @param slice from 0
   */
  public static int ofSlice(int slice, int part) {
    return slice * PARTS + part;
  }

  /** The slice whose part it is. */
  public static int sliceOf(int number) {
    return number / PARTS;
  }

  /** Which part of its slice it is. */
  public static int partOf(int number) {
    return number % PARTS;
  }

  /**
   * Of both: a companion, or what a micro-batch contributes to it.
   *
   * @param index among the objective's companions
   */
  public static int companion(int index) {
    return COMPANIONS + index;
  }

  /** Index of the companion that a part belongs to; negative when it is none. */
  public static int companionOf(int part) {
    return part - COMPANIONS;
  }

  private Parts() {}
}
