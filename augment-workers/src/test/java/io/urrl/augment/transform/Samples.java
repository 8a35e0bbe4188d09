package io.urrl.augment.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Tests whether samples follow a law; each rejects a true law once in some thousand times. */
final class Samples {
  private static final double NORMAL = 3.3;
  private static final double KOLMOGOROV = 1.95;

  private final double[] values;
  private int size;

  Samples(int most) {
    values = new double[most];
  }

  void add(double value) {
    values[size++] = value;
  }

  int size() {
    return size;
  }

  double mean() {
    return Arrays.stream(values, 0, size).average().orElseThrow();
  }

  /** With n − 1. */
  double deviation() {
    return Math.sqrt(covariance(this, this));
  }

  static double correlation(Samples one, Samples other) {
    return covariance(one, other) / (one.deviation() * other.deviation());
  }

  private static double covariance(Samples one, Samples other) {
    assertEquals(one.size, other.size);
    double meanOne = one.mean();
    double meanOther = other.mean();
    double sum = 0;
    for (int i = 0; i < one.size; i++) {
      sum += (one.values[i] - meanOne) * (other.values[i] - meanOther);
    }
    return sum / (one.size - 1);
  }

  /** Part of the samples below a value, or at it. */
  double part(double value, boolean including) {
    return (double)
            Arrays.stream(values, 0, size)
                .filter(v -> v < value || (including && v == value))
                .count()
        / size;
  }

  /** Kolmogorov and Smirnov's test of a continuous law. */
  void follow(String name, DoubleUnaryOperator distribution) {
    double[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    double most = 0;
    for (int i = 0; i < size; i++) {
      double below = distribution.applyAsDouble(sorted[i]);
      most = Math.max(most, Math.max(below - (double) i / size, (double) (i + 1) / size - below));
    }
    double gap = most * Math.sqrt(size);
    assertTrue(gap < KOLMOGOROV, () -> name + ": Kolmogorov's statistic is " + gap);
  }

  /** The same for a uniform law. */
  void followUniform(String name, double low, double high) {
    follow(name, value -> Math.clamp((value - low) / (high - low), 0.0, 1.0));
  }

  /** Pearson's test of equal probabilities. */
  static void areEven(String name, int... counts) {
    double expected = Arrays.stream(counts).average().orElseThrow();
    double statistic = 0;
    for (int count : counts) {
      statistic += (count - expected) * (count - expected) / expected;
    }
    // Wilson and Hilferty's approximation of the quantile.
    int free = counts.length - 1;
    double part = 2.0 / (9 * free);
    double most = free * Math.pow(1 - part + NORMAL * Math.sqrt(part), 3);
    double found = statistic;
    assertTrue(found < most, () -> name + ": chi-square is " + found + ", limit " + most);
  }

  /** Whether something that happens with a probability did so in {@code count} of {@code all}. */
  static void happens(String name, double probability, int count, int all) {
    double deviation = Math.sqrt(all * probability * (1 - probability));
    assertEquals(all * probability, count, NORMAL * deviation, name);
  }
}
