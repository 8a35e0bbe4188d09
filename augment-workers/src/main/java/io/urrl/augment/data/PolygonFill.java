package io.urrl.augment.data;

import java.util.Arrays;

/**
 * Fills polygons by the even-odd rule, smoothed by nine samples a pixel. Each row of samples is
 * crossed with the edges once; a sample lies inside when an odd number of crossings is to its
 * right. Plain arithmetic in a fixed order, so that the bits are the same on every machine.
 */
final class PolygonFill {
  private static final int OVERSAMPLING = 3;

  private PolygonFill() {}

  /**
   * Lays paint over the inside of a polygon, in a square picture.
   *
   * @param data interleaved RGB, {@code side} rows of {@code side} pixels
   * @param corners coordinates x, y in pixels, in order
   */
  static void fill(byte[] data, int side, double[] corners, Paint paint) {
    double[] crossings = new double[corners.length / 2];
    int[] covered = new int[side];
    for (int y = 0; y < side; y++) {
      boolean touched = false;
      for (int row = 0; row < OVERSAMPLING; row++) {
        int count = cross(corners, y + (row + 0.5) / OVERSAMPLING, crossings);
        if (count > 0) {
          touched = true;
          cover(crossings, count, covered);
        }
      }
      if (touched) {
        paint(data, y, covered, paint);
        Arrays.fill(covered, 0);
      }
    }
  }

  /** Where the edges cross a horizontal line; returns how many do. */
  private static int cross(double[] corners, double y, double[] crossings) {
    int count = 0;
    int last = corners.length - 2;
    for (int i = 0; i < corners.length; i += 2) {
      double y1 = corners[i + 1];
      double y2 = corners[last + 1];
      if (y1 > y != y2 > y) {
        crossings[count++] = (corners[last] - corners[i]) * (y - y1) / (y2 - y1) + corners[i];
      }
      last = i;
    }
    return count;
  }

  private static void cover(double[] crossings, int count, int[] covered) {
    for (int x = 0; x < covered.length; x++) {
      for (int column = 0; column < OVERSAMPLING; column++) {
        double sample = x + (column + 0.5) / OVERSAMPLING;
        int right = 0;
        for (int i = 0; i < count; i++) {
          right += sample < crossings[i] ? 1 : 0;
        }
        covered[x] += right & 1;
      }
    }
  }

  private static void paint(byte[] data, int y, int[] covered, Paint paint) {
    for (int x = 0; x < covered.length; x++) {
      if (covered[x] > 0) {
        double cover = (double) covered[x] / (OVERSAMPLING * OVERSAMPLING);
        paint.put(data, 3 * (y * covered.length + x), x, y, cover);
      }
    }
  }
}
