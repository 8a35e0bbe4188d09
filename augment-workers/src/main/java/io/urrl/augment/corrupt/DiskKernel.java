package io.urrl.augment.corrupt;

/**
 * A disk as the kernel of a blur, in float: 1 where the distance from the centre is no more than
 * the radius, divided by the number of such places, then smoothed at its rim by a Gaussian of 3 × 3
 * places, or 5 × 5 for radii above 8 (edges mirrored).
 */
public final class DiskKernel {
  private static final int SMALL = 8;

  private final int reach;
  private final float[] weights;

  /**
   * @param radius in pixels
   * @param aliasBlur deviation of the Gaussian, in pixels
   */
  public DiskKernel(double radius, double aliasBlur) {
    reach = radius <= SMALL ? SMALL : (int) radius;
    int side = side();
    float[] disk = new float[side * side];
    int count = 0;
    for (int y = -reach; y <= reach; y++) {
      for (int x = -reach; x <= reach; x++) {
        if (x * x + y * y <= radius * radius) {
          disk[(y + reach) * side + x + reach] = 1;
          count++;
        }
      }
    }
    for (int i = 0; i < disk.length; i++) {
      disk[i] /= count;
    }
    float[] taps = gaussian(radius <= SMALL ? 1 : 2, aliasBlur);
    float[] rows = smooth(disk, 1, side, taps);
    weights = smooth(rows, side, 1, taps);
  }

  private static float[] gaussian(int radius, double sigma) {
    double[] exact = new double[radius + 1];
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      exact[Math.abs(i)] = StrictMath.exp(-0.5 * i * i / (sigma * sigma));
      sum += exact[Math.abs(i)];
    }
    float[] taps = new float[radius + 1];
    for (int i = 0; i <= radius; i++) {
      taps[i] = (float) (exact[i] / sum);
    }
    return taps;
  }

  /** Smooths along one direction; neighbours there are {@code step} apart, lines {@code line}. */
  private float[] smooth(float[] in, int step, int line, float[] taps) {
    int side = side();
    float[] out = new float[in.length];
    for (int across = 0; across < side; across++) {
      for (int along = 0; along < side; along++) {
        float sum = taps[0] * in[across * line + along * step];
        for (int i = 1; i < taps.length; i++) {
          int before = Edges.REFLECT_101.inside(along - i, side);
          int behind = Edges.REFLECT_101.inside(along + i, side);
          // OpenCV fuses this product and sum.
          sum =
              Math.fma(
                  taps[i],
                  in[across * line + before * step] + in[across * line + behind * step],
                  sum);
        }
        out[across * line + along * step] = sum;
      }
    }
    return out;
  }

  /** Places from the centre to the edge. */
  int reach() {
    return reach;
  }

  /** Places in a row of the kernel. */
  public int side() {
    return 2 * reach + 1;
  }

  /** All weights, row by row. */
  public float[] weights() {
    return weights.clone();
  }
}
