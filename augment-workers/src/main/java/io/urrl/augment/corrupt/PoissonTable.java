package io.urrl.augment.corrupt;

import java.util.Arrays;

/**
 * The Poisson law of one mean, inverted by table: a count is a function of one uniform number. A
 * guide (Chen and Asau, 1974) says where the search begins, so that it is a step or two long.
 */
final class PoissonTable {
  private static final int GUIDES = 64;

  /** Deviations from the mean beyond which counts have less than 1e-22 of the probability. */
  private static final double REACH = 10;

  private final int first;
  private final double[] cumulative;
  private final short[] guide = new short[GUIDES];

  /**
   * @param mean 0 or more, up to some thousands
   */
  PoissonTable(double mean) {
    double deviation = Math.sqrt(mean);
    first = (int) Math.max(0, mean - REACH * deviation);
    int last = (int) (mean + REACH * deviation + 2 * REACH);
    double[] sums = new double[last - first + 1];
    int mode = (int) mean;
    double[] weights = new double[sums.length];
    weights[mode - first] = 1;
    for (int count = mode + 1; count <= last; count++) {
      weights[count - first] = weights[count - 1 - first] * mean / count;
    }
    for (int count = mode - 1; count >= first; count--) {
      weights[count - first] = weights[count + 1 - first] * (count + 1) / mean;
    }
    double total = Arrays.stream(weights).sum();
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += weights[i];
      sums[i] = sum / total;
    }
    sums[sums.length - 1] = 1;
    cumulative = sums;
    int place = 0;
    for (int i = 0; i < GUIDES; i++) {
      while (cumulative[place] <= (double) i / GUIDES) {
        place++;
      }
      guide[i] = (short) place;
    }
  }

  /**
   * The smallest count whose cumulative probability is above a number.
   *
   * @param uniform in [0, 1)
   */
  int count(double uniform) {
    int place = guide[(int) (uniform * GUIDES)];
    while (cumulative[place] <= uniform) {
      place++;
    }
    return first + place;
  }
}
