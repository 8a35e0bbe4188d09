package io.urrl.augment.corrupt;

import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.WeightedSums;

/**
 * A Gaussian blur in double as SciPy computes it: weights exp(-i²/2σ²) up to the radius, divided by
 * their sum; columns first, then rows; the farthest neighbours are added first.
 */
final class GaussianFilter {
  private static final WeightedSums SUMS = WeightedSums.of(KernelSet.chosen());

  private final double[] weights;
  private final Edges edges;

  /**
   * @param sigma in pixels; 0 leaves everything as it is
   * @param truncate radius in sigmas
   */
  GaussianFilter(double sigma, double truncate, Edges edges) {
    this.edges = edges;
    int radius = (int) (truncate * sigma + 0.5);
    weights = new double[radius + 1];
    double factor = sigma == 0 ? 0 : -0.5 / (sigma * sigma);
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      double weight = StrictMath.exp(factor * (i * i));
      weights[Math.abs(i)] = weight;
      sum += weight;
    }
    for (int i = 0; i <= radius; i++) {
      weights[i] /= sum;
    }
  }

  /**
   * Blurs in place.
   *
   * @param values {@code height} rows of {@code width} places of {@code bands} values
   * @param padded scratch slot for values with a margin
   */
  void apply(double[] values, int height, int width, int bands, Scratch scratch, int padded) {
    int radius = weights.length - 1;
    if (radius == 0) {
      return;
    }
    int row = width * bands;
    double[] tall = scratch.doubles(padded, (height + 2 * radius) * row);
    edges.pad(values, height, width, bands, radius, 0, tall);
    for (int y = 0; y < height; y++) {
      SUMS.symmetric(tall, (y + radius) * row, row, weights, values, y * row, row);
    }
    int stride = row + 2 * radius * bands;
    double[] wide = scratch.doubles(padded, height * stride);
    edges.pad(values, height, width, bands, 0, radius, wide);
    for (int y = 0; y < height; y++) {
      SUMS.symmetric(wide, y * stride + radius * bands, bands, weights, values, y * row, row);
    }
  }
}
