package io.urrl.augment.kernel;

import java.util.Arrays;

/**
 * The windows of a separable filter in one direction: for each output place, which inputs count and
 * how much. Weights are fixed point of {@value #PRECISION} bits. The memory is used again.
 */
public final class Taps {
  /** Bits behind the point of a weight. */
  public static final int PRECISION = 22;

  private int[] first = new int[0];
  private int[] count = new int[0];
  private int[] weights = new int[0];
  private int places;
  private int span;

  /**
   * Takes a size; the windows are empty afterwards.
   *
   * @param places output places
   * @param span most inputs that one output place may have
   */
  public void reset(int places, int span) {
    if (first.length < places) {
      first = new int[places];
      count = new int[places];
    }
    int length = Math.multiplyExact(places, span);
    if (weights.length < length) {
      weights = new int[length];
    }
    Arrays.fill(count, 0, places, 0);
    this.places = places;
    this.span = span;
  }

  /** Says that {@code place} reads {@code length} inputs from {@code from} on. */
  public void window(int place, int from, int length) {
    first[place] = from;
    count[place] = length;
  }

  /** Output places. */
  public int places() {
    return places;
  }

  /** Distance in {@link #weights()} from one place's first weight to the next place's. */
  public int span() {
    return span;
  }

  /** First input of each place. */
  public int[] first() {
    return first;
  }

  /** Number of inputs of each place. */
  public int[] count() {
    return count;
  }

  /** Weights, {@link #span()} for each place, of which {@link #count()} have a meaning. */
  public int[] weights() {
    return weights;
  }

  /** First input that any place reads. */
  public int lowest() {
    int lowest = Integer.MAX_VALUE;
    for (int place = 0; place < places; place++) {
      lowest = Math.min(lowest, first[place]);
    }
    return lowest;
  }

  /** First input behind those that any place reads. */
  public int end() {
    int end = 0;
    for (int place = 0; place < places; place++) {
      end = Math.max(end, first[place] + count[place]);
    }
    return end;
  }
}
