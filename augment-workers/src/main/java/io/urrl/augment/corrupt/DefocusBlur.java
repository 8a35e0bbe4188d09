package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.WeightedSums;

/** Blurs by a disk; outside the picture it is mirrored (reflect-101). */
public final class DefocusBlur implements Corruption {
  private static final WeightedSums SUMS = WeightedSums.of(KernelSet.chosen());
  private static final int BANDS = 3;

  private final int rows;
  private final int columns;
  private final int[] down;
  private final int[] right;
  private final double[] weights;

  /**
   * @param radius of the disk, in pixels
   * @param aliasBlur deviation of the Gaussian that smooths its rim, in pixels
   */
  public DefocusBlur(double radius, double aliasBlur) {
    DiskKernel kernel = new DiskKernel(radius, aliasBlur);
    float[] all = kernel.weights();
    int count = 0;
    int[] places = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      if (all[i] != 0) {
        places[count++] = i;
      }
    }
    down = new int[count];
    right = new int[count];
    weights = new double[count];
    int mostDown = 0;
    int mostRight = 0;
    for (int tap = 0; tap < count; tap++) {
      down[tap] = places[tap] / kernel.side() - kernel.reach();
      right[tap] = places[tap] % kernel.side() - kernel.reach();
      weights[tap] = all[places[tap]];
      mostDown = Math.max(mostDown, Math.abs(down[tap]));
      mostRight = Math.max(mostRight, Math.abs(right[tap]));
    }
    rows = mostDown;
    columns = mostRight;
  }

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    apply(picture, scratch);
  }

  /** Corrupts; nothing is random. */
  public void apply(Picture picture, Scratch scratch) {
    int width = picture.width();
    int height = picture.height();
    int stride = (width + 2 * columns) * BANDS;
    double[] values = scratch.doubles(0, picture.length());
    Levels.unit(picture, values);
    double[] padded = scratch.doubles(1, (height + 2 * rows) * stride);
    Edges.REFLECT_101.pad(values, height, width, BANDS, rows, columns, padded);
    int[] offsets = scratch.ints(0, weights.length);
    for (int tap = 0; tap < weights.length; tap++) {
      offsets[tap] = down[tap] * stride + right[tap] * BANDS;
    }
    byte[] data = picture.data();
    int row = width * BANDS;
    for (int y = 0; y < height; y++) {
      int at = (y + rows) * stride + columns * BANDS;
      SUMS.taps(padded, at, offsets, weights, values, y * row, row);
    }
    for (int i = 0; i < height * row; i++) {
      data[i] = Levels.stored(values[i]);
    }
  }
}
