package io.urrl.actors.random;

import java.util.List;

/**
 * Every use of {@link Philox} and the positions that belong to it: the one place that hands out
 * positions, so that no two uses with the same seed draw the same numbers. A position has three
 * coordinates; a stream owns a box of them, and the boxes of streams that one kind of seed keys are
 * disjoint.
 *
 * <p>What these positions are decides the bits of runs and of corrupted sets: those of a stream
 * never change, and a new use gets a new box. The order of samples is no stream: it is a
 * permutation by a function of its own ({@link io.urrl.actors.plan.EpochPermutation}).
 */
public final class RandomStream {
  private static final Range NATURAL = new Range(0, Integer.MAX_VALUE);

  /** The parameters of a view: (epoch, sample, 0 for the query's or 1 for the key's). */
  static final RandomStream VIEWS =
      new RandomStream("VIEWS", Seed.RUN, NATURAL, NATURAL, new Range(0, 1));

  /** A row of the negative queue before the first step: (-1, row, 0). */
  static final RandomStream INITIAL_QUEUE =
      new RandomStream("INITIAL_QUEUE", Seed.RUN, Range.only(-1), NATURAL, Range.only(0));

  /** A tensor of an encoder before the first step: (-2, number in the layout, 0). */
  static final RandomStream INITIAL_WEIGHTS =
      new RandomStream("INITIAL_WEIGHTS", Seed.RUN, Range.only(-2), NATURAL, Range.only(0));

  /** The order of the samples in a pass of the linear probe: (-3, pass, 0). */
  static final RandomStream PROBE_SHUFFLES =
      new RandomStream("PROBE_SHUFFLES", Seed.RUN, Range.only(-3), NATURAL, Range.only(0));

  /**
   * What a corruption of a picture draws: (corruption and severity, picture, 192). Set apart from
   * the views as well, since a corruption's seed is often the run's.
   */
  static final RandomStream CORRUPTIONS =
      new RandomStream("CORRUPTIONS", Seed.RUN, NATURAL, NATURAL, Range.only(0xC0));

  /** A drawn picture of shapes: (0 for training or 1 for test, sample, 0). */
  static final RandomStream SHAPES =
      new RandomStream("SHAPES", Seed.DATA_SET, new Range(0, 1), NATURAL, Range.only(0));

  /** A drawn texture of ice: (number, 0, 0). */
  static final RandomStream ICE_TEXTURES =
      new RandomStream("ICE_TEXTURES", Seed.CONSTANT, NATURAL, Range.only(0), Range.only(0));

  /** All streams: the boxes that must not meet. */
  static final List<RandomStream> ALL =
      List.of(
          VIEWS, INITIAL_QUEUE, INITIAL_WEIGHTS, PROBE_SHUFFLES, CORRUPTIONS, SHAPES, ICE_TEXTURES);

  /** What the generators of a stream are keyed by. */
  enum Seed {
    /** The run's seed, or the one that a command is given in its place. */
    RUN,
    /**
     * The seed in a data set's name: part of the data, chosen apart from the run's. That it is
     * another number than the run's is up to who chooses; the default one is no likely choice.
     */
    DATA_SET,
    /** A number in the code, the same for every run. */
    CONSTANT
  }

  /**
   * Values of a coordinate.
   *
   * @param least the first
   * @param most the last
   */
  record Range(int least, int most) {
    static Range only(int value) {
      return new Range(value, value);
    }

    boolean holds(int value) {
      return value >= least && value <= most;
    }

    boolean meets(Range other) {
      return least <= other.most && other.least <= most;
    }
  }

  private final String name;
  private final Seed seed;
  private final Range first;
  private final Range second;
  private final Range third;

  private RandomStream(String name, Seed seed, Range first, Range second, Range third) {
    this.name = name;
    this.seed = seed;
    this.first = first;
    this.second = second;
    this.third = third;
  }

  /** Moves a generator to the start of a view's stream; {@code index} 0: query, 1: key. */
  public static Philox view(Philox random, int epoch, int sample, int index) {
    return VIEWS.position(random, epoch, sample, index);
  }

  /** Moves a generator to the start of a row of the initial queue. */
  public static Philox initialQueue(Philox random, int row) {
    return INITIAL_QUEUE.numbered(random, row);
  }

  /** Moves a generator to the start of a tensor's initial values. */
  public static Philox initialWeights(Philox random, int number) {
    return INITIAL_WEIGHTS.numbered(random, number);
  }

  /** Moves a generator to the start of a shuffle of the linear probe. */
  public static Philox probeShuffle(Philox random, int pass) {
    return PROBE_SHUFFLES.numbered(random, pass);
  }

  /**
   * Moves a generator to the start of a corrupted picture.
   *
   * @param corruption number of corruption and severity together
   * @param picture number of the picture
   */
  public static Philox corruption(Philox random, int corruption, int picture) {
    return CORRUPTIONS.position(random, corruption, picture, CORRUPTIONS.third.least);
  }

  /** Moves a generator to the start of a drawn picture; {@code part} 0: training, 1: test. */
  public static Philox shape(Philox random, int part, int sample) {
    return SHAPES.position(random, part, sample, 0);
  }

  /** Moves a generator to the start of a drawn texture. */
  public static Philox iceTexture(Philox random, int number) {
    return ICE_TEXTURES.position(random, number, 0, 0);
  }

  private Philox numbered(Philox random, int number) {
    return position(random, first.least, number, third.least);
  }

  /**
   * Moves a generator.
   *
   * @throws IllegalArgumentException for a position that is another stream's
   */
  Philox position(Philox random, int first, int second, int third) {
    if (!this.first.holds(first) || !this.second.holds(second) || !this.third.holds(third)) {
      throw new IllegalArgumentException(
          "(%d, %d, %d) is no position of %s".formatted(first, second, third, name));
    }
    return random.position(first, second, third);
  }

  @Override
  public String toString() {
    return name;
  }

  /** Whether generators with the same seed can draw the same numbers in both. */
  boolean meets(RandomStream other) {
    return seed == other.seed
        && first.meets(other.first)
        && second.meets(other.second)
        && third.meets(other.third);
  }
}
