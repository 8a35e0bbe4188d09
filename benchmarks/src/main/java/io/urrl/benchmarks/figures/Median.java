package io.urrl.benchmarks.figures;

import java.util.Arrays;

/** The middle of some figures. */
public final class Median {

  /** Median, the mean of the middle two for an even number. */
  public static double of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private Median() {}
}
