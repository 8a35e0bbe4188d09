package io.urrl.augment.corrupt;

import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.WeightedSums;

/**
 * ImageMagick's motion blur, at 16 bits: a one-sided Gaussian along a line. Tap i of 2⌈radius⌉ + 1
 * lies {@code ceil(i·cos − 0.5)} columns and {@code ceil(i·sin − 0.5)} rows away; the outermost
 * values go on outside.
 */
final class LineBlur {
  private static final WeightedSums SUMS = WeightedSums.of(KernelSet.chosen());

  /** From 8 to 16 bits. */
  private static final int WIDEN = 257;

  private final double[] weights;

  LineBlur(double radius, double sigma) {
    weights = new double[2 * (int) Math.ceil(radius) + 1];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = StrictMath.exp(-i * i / (2.0 * sigma * sigma));
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
  }

  /**
   * Blurs in place.
   *
   * @param data {@code height} rows of {@code width} places of {@code bands} values
   * @param angle of the line, in degrees
   */
  void apply(byte[] data, int height, int width, int bands, double angle, Scratch scratch) {
    int taps = weights.length;
    double cos = taps * StrictMath.cos(StrictMath.toRadians(angle));
    double sin = taps * StrictMath.sin(StrictMath.toRadians(angle));
    double length = StrictMath.hypot(cos, sin);
    int columns = Math.abs(step(taps - 1, cos / length));
    int rows = Math.abs(step(taps - 1, sin / length));
    int stride = (width + 2 * columns) * bands;
    int[] offsets = scratch.ints(0, taps);
    for (int i = 0; i < taps; i++) {
      offsets[i] = step(i, sin / length) * stride + step(i, cos / length) * bands;
    }
    int row = width * bands;
    double[] values = scratch.doubles(3, height * row);
    for (int i = 0; i < height * row; i++) {
      values[i] = WIDEN * (data[i] & 0xFF);
    }
    double[] padded = scratch.doubles(4, (height + 2 * rows) * stride);
    Edges.REPLICATE.pad(values, height, width, bands, rows, columns, padded);
    for (int y = 0; y < height; y++) {
      int at = (y + rows) * stride + columns * bands;
      SUMS.taps(padded, at, offsets, weights, values, y * row, row);
    }
    for (int i = 0; i < height * row; i++) {
      int wide = Math.clamp((int) (values[i] + 0.5), 0, 0xFFFF);
      data[i] = (byte) (wide / WIDEN);
    }
  }

  /** Whole pixels that tap {@code i} is away along an axis on which the line has this share. */
  private static int step(int i, double share) {
    return (int) Math.ceil(i * share - 0.5);
  }
}
