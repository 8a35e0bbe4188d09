package io.urrl.augment.kernel;

import java.util.Arrays;

/**
 * {@link WarpKernel#affine} for any matrix. A row's pixels whose four neighbours lie inside are
 * made by {@link Bilinear}; those beside the border pixel by pixel; those outside are black.
 */
final class Rotation {
  /** Distance from the limits in which a pixel counts as being on the less simple side. */
  private static final double INSET = 1.0 / 1024;

  /** Below this a coordinate does not move more than half of {@link #INSET} along a row. */
  private static final double FLAT = INSET / 2 / Bilinear.LARGEST;

  private final Bilinear bilinear = new Bilinear();

  /** Columns from {@code first} to before {@code end} meet all limits set since the row began. */
  private int first;

  private int end;

  void apply(byte[] in, int width, int height, Affine matrix, byte[] out) {
    double a = matrix.a;
    double d = matrix.d;
    boolean small = Math.max(width, height) <= Bilinear.LARGEST;
    if (small) {
      bilinear.prepare(in, width, height, a, d);
    }
    for (int y = 0; y < height; y++) {
      double startX = 0.5 * a + matrix.b * (y + 0.5) + matrix.c;
      double startY = 0.5 * d + matrix.e * (y + 0.5) + matrix.f;
      int row = 3 * y * width;
      first = 0;
      end = width;
      limit(a, startX, -INSET, width + INSET);
      limit(d, startY, -INSET, height + INSET);
      int outerFirst = first;
      int outerEnd = end;
      Arrays.fill(out, row, row + 3 * first, (byte) 0);
      limit(a, startX, 0.5 + INSET, width - 0.5 - INSET);
      limit(d, startY, 0.5 + INSET, height - 0.5 - INSET);
      if (!small) {
        end = first;
      }
      if (first < end) {
        bilinear.row(startX - 0.5 * a - 0.5, startY - 0.5 * d - 0.5, first, end, out, row);
        for (int x = bilinear.doubtful(first, end); x < end; x = bilinear.doubtful(x + 1, end)) {
          ExactWarp.row(in, width, height, matrix, out, y, x, x + 1);
        }
      }
      ExactWarp.row(in, width, height, matrix, out, y, outerFirst, first);
      ExactWarp.row(in, width, height, matrix, out, y, end, outerEnd);
      Arrays.fill(out, row + 3 * outerEnd, row + 3 * width, (byte) 0);
    }
  }

  /** Keeps the columns x for which slope x + start lies between two limits. */
  private void limit(double slope, double start, double lowest, double highest) {
    double from = first;
    double to = end;
    if (lowest > highest) {
      // A picture of a single row or column: nothing has neighbours on both sides.
      to = from;
    } else if (Math.abs(slope) > FLAT) {
      double one = (lowest - start) / slope;
      double other = (highest - start) / slope;
      from = Math.max(from, Math.ceil(Math.min(one, other)));
      to = Math.min(to, Math.floor(Math.max(one, other)) + 1);
    } else if (start < lowest || start > highest) {
      to = from;
    }
    first = (int) Math.min(from, end);
    end = (int) Math.max(to, first);
  }
}
