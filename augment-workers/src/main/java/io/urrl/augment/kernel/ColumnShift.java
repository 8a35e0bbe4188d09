package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WarpKernel#shiftColumns}: a column keeps its fraction and its distance from row to row.
 * Row y is interpolated between two lines of pixels, y + distance of each column and the row below,
 * and the lower line is the upper one of row y + 1. A line is put together from runs of columns
 * with the same distance. Columns whose fraction is not {@link Fraction#isSafe safe} are made again
 * pixel by pixel.
 */
final class ColumnShift {
  private static final VectorSpecies<Byte> BYTES = VectorWidth.SHIFT.bytes();
  private static final int BLOCK = BYTES.length();

  private byte[] upper = new byte[0];
  private byte[] lower = new byte[0];
  private int[] fractions = new int[0];

  /** Of each run of columns: its first column and its distance; one more start ends the last. */
  private int[] starts = new int[0];

  private int[] distances = new int[0];
  private int runs;

  /** Of each column: row y is inside the input if y plus this is. */
  private int[] nearest = new int[0];

  private final Affine matrix = new Affine();
  private int[] unsafe = new int[0];
  private int unsafeCount;

  void apply(byte[] in, int width, int height, double d, double f, byte[] out) {
    matrix.set(1, 0, 0, d, 1, f);
    double most = Math.max(Math.abs(d) * width, Math.abs(f));
    if (Math.max(most, Math.max(width, height)) >= Fraction.FAR) {
      for (int y = 0; y < height; y++) {
        ExactWarp.row(in, width, height, matrix, out, y, 0, width);
      }
      return;
    }
    reserve(width);
    plan(width, d, f);
    line(in, width, height, 0, upper);
    int first = d > 0 ? width : 0;
    int end = first;
    for (int y = 0; y < height; y++) {
      line(in, width, height, y + 1, lower);
      Lerp.run(upper, lower, fractions, out, 3 * y * width, 3 * width);
      byte[] swap = upper;
      upper = lower;
      lower = swap;
      if (d > 0) {
        while (first > 0 && nearest[first - 1] >= -y) {
          first--;
        }
        while (end > 0 && nearest[end - 1] >= height - y) {
          end--;
        }
      } else {
        while (first < width && nearest[first] >= height - y) {
          first++;
        }
        while (end < width && nearest[end] >= -y) {
          end++;
        }
      }
      blacken(out, 3 * y * width, 3 * Math.min(first, width));
      blacken(out, 3 * (y * width + end), 3 * (width - end));
      for (int i = 0; i < unsafeCount; i++) {
        int x = unsafe[i];
        ExactWarp.row(in, width, height, matrix, out, y, x, x + 1);
      }
    }
  }

  private static void blacken(byte[] out, int from, int length) {
    java.util.Arrays.fill(out, from, from + length, (byte) 0);
  }

  private void reserve(int width) {
    int length = 3 * width + 2 * BLOCK;
    if (fractions.length < length) {
      upper = new byte[length];
      lower = new byte[length];
      fractions = new int[length];
      starts = new int[width + 1];
      distances = new int[width];
      nearest = new int[width];
      unsafe = new int[width];
    }
  }

  private void plan(int width, double d, double f) {
    runs = 0;
    unsafeCount = 0;
    for (int x = 0; x < width; x++) {
      double slanted = d * (x + 0.5);
      double shift = slanted + f;
      int distance = (int) Math.floor(shift);
      int fraction = Fraction.of(shift - distance);
      boolean exact = Fraction.isExact(slanted) && Fraction.isExact(f);
      if (!exact && !Fraction.isSafe(fraction)) {
        unsafe[unsafeCount++] = x;
      }
      for (int i = 3 * x; i < 3 * x + 3; i++) {
        fractions[Lerp.fractionAt(i)] = fraction;
      }
      nearest[x] = fraction >= Fraction.ONE / 2 ? distance + 1 : distance;
      if (x == 0 || distances[runs - 1] != distance) {
        starts[runs] = x;
        distances[runs] = distance;
        runs++;
      }
    }
    starts[runs] = width;
  }

  /** The pixels of row {@code y} plus each column's distance, rows outside held at the border. */
  private void line(byte[] in, int width, int height, int y, byte[] line) {
    for (int run = 0; run < runs; run++) {
      int row = Math.clamp(y + distances[run], 0, height - 1);
      copy(in, 3 * row * width, 3 * starts[run], 3 * starts[run + 1], line);
    }
  }

  /** Copies whole blocks; what is too much is the next run's, which comes later. */
  private static void copy(byte[] in, int row, int from, int end, byte[] line) {
    for (int i = from; i < end; i += BLOCK) {
      ByteVector.fromArray(BYTES, in, row + i).intoArray(line, i);
    }
  }
}
