package io.urrl.augment.corrupt;

/**
 * A fractal height map by the diamond-square method on a torus. Every halving of the step adds
 * finer hills: wibble · U(−wibble, wibble), with a wibble of 100 that is divided by the decay each
 * time.
 */
public final class Plasma {
  private static final double FIRST_WIBBLE = 100;

  private Plasma() {}

  /** The smallest side of a map, a power of two and at least 2, that covers {@code length}. */
  static int side(int length) {
    return Math.max(2, Integer.highestOneBit(Math.max(1, length - 1)) << 1);
  }

  /** How many random numbers a map takes. */
  static int draws(int side) {
    int count = 0;
    for (int step = side; step >= 2; step /= 2) {
      count += 3 * (side / step) * (side / step);
    }
    return count;
  }

  /**
   * Fills a map and scales it to [0, 1].
   *
   * @param side a power of two, at least 2
   * @param uniforms numbers on [0, 1), used in order
   * @param grid takes side × side heights
   */
  public static void fill(int side, double decay, double[] uniforms, double[] grid) {
    grid[0] = 0;
    int mask = side - 1;
    int next = 0;
    double wibble = FIRST_WIBBLE;
    for (int step = side; step >= 2; step /= 2) {
      int half = step / 2;
      double spread = wibble - -wibble;
      for (int y = 0; y < side; y += step) {
        int row = y * side;
        int below = (y + step & mask) * side;
        for (int x = 0; x < side; x += step) {
          int right = x + step & mask;
          double sum = grid[row + x] + grid[below + x] + (grid[row + right] + grid[below + right]);
          grid[(y + half) * side + x + half] =
              sum / 4 + wibble * (-wibble + spread * uniforms[next++]);
        }
      }
      for (int y = 0; y < side; y += step) {
        int row = y * side;
        int lower = (y + half) * side;
        int upper = (y - half & mask) * side;
        for (int x = 0; x < side; x += step) {
          int middle = x + half;
          double sum =
              grid[lower + middle]
                  + grid[upper + middle]
                  + (grid[row + x] + grid[row + (x + step & mask)]);
          grid[row + middle] = sum / 4 + wibble * (-wibble + spread * uniforms[next++]);
        }
      }
      for (int y = 0; y < side; y += step) {
        int row = y * side;
        int middle = (y + half) * side;
        int below = (y + step & mask) * side;
        for (int x = 0; x < side; x += step) {
          double sum =
              grid[middle + x + half]
                  + grid[middle + (x - half & mask)]
                  + (grid[row + x] + grid[below + x]);
          grid[middle + x] = sum / 4 + wibble * (-wibble + spread * uniforms[next++]);
        }
      }
      wibble /= decay;
    }
    scale(grid, side * side);
  }

  private static void scale(double[] grid, int count) {
    double lowest = grid[0];
    double highest = grid[0];
    for (int i = 1; i < count; i++) {
      lowest = Math.min(lowest, grid[i]);
      highest = Math.max(highest, grid[i]);
    }
    double range = highest - lowest;
    for (int i = 0; i < count; i++) {
      grid[i] = (grid[i] - lowest) / range;
    }
  }
}
