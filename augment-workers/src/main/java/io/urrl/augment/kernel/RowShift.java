package io.urrl.augment.kernel;

import java.util.Arrays;

/**
 * {@link WarpKernel#shiftRows}: within a row every pixel interpolates with the same fraction
 * between neighbours, so a row is one run. Rows whose fraction is not {@link Fraction#isSafe safe}
 * are made pixel by pixel.
 */
final class RowShift {
  private final Affine matrix = new Affine();

  void apply(byte[] in, int width, int height, double b, double c, byte[] out) {
    matrix.set(1, b, c, 0, 1, 0);
    for (int y = 0; y < height; y++) {
      double slanted = b * (y + 0.5);
      double shift = slanted + c;
      if (Math.abs(shift) > width + 1.0) {
        Arrays.fill(out, 3 * y * width, 3 * (y + 1) * width, (byte) 0);
        continue;
      }
      int whole = (int) Math.floor(shift);
      int fraction = Fraction.of(shift - whole);
      boolean near = Math.max(width, Math.max(Math.abs(slanted), Math.abs(c))) < Fraction.FAR;
      boolean exact = Fraction.isExact(slanted) && Fraction.isExact(c);
      if (near && (exact || Fraction.isSafe(fraction))) {
        row(in, width, whole, fraction, out, y);
      } else {
        ExactWarp.row(in, width, height, matrix, out, y, 0, width);
      }
    }
  }

  /** Columns from {@code first} to before {@code end} lie inside the input. */
  private static void row(byte[] in, int width, int whole, int fraction, byte[] out, int y) {
    int base = 3 * y * width;
    int lowest = fraction >= Fraction.ONE / 2 ? -1 : 0;
    int first = Math.clamp(lowest - whole, 0, width);
    int end = Math.clamp(lowest - whole + width, 0, width);
    int x = first;
    Arrays.fill(out, base, base + 3 * first, (byte) 0);
    if (x < end && x + whole < 0) {
      copy(in, base, out, base + 3 * x++);
    }
    int last = Math.min(end, width - 1 - whole);
    if (x < last) {
      int from = base + 3 * (x + whole);
      if (fraction == 0) {
        System.arraycopy(in, from, out, base + 3 * x, 3 * (last - x));
      } else {
        Lerp.run(in, from, from + 3, fraction, out, base + 3 * x, 3 * (last - x));
      }
      x = last;
    }
    if (x < end) {
      copy(in, base + 3 * (width - 1), out, base + 3 * x);
    }
    Arrays.fill(out, base + 3 * end, base + 3 * width, (byte) 0);
  }

  private static void copy(byte[] in, int from, byte[] out, int to) {
    out[to] = in[from];
    out[to + 1] = in[from + 1];
    out[to + 2] = in[from + 2];
  }
}
