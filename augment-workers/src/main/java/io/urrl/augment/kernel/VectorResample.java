package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ResampleKernel} in vectors.
 *
 * <p>A window's inputs lie beside each other in a row, so the horizontal pass turns strips of rows
 * on their side: a vector holds one column's pixels, a row a lane, r, g, b in an int. Then both
 * passes add vectors times one weight, and nothing is shuffled within a vector.
 */
final class VectorResample implements ResampleKernel {
  private static final VectorSpecies<Integer> INTS = VectorWidth.RESAMPLE.ints();
  private static final VectorSpecies<Byte> BYTES = VectorWidth.RESAMPLE.bytes();
  private static final int ROWS = INTS.length();
  private static final int BLOCK = BYTES.length();
  private static final VarHandle PIXEL =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int HALF = 1 << (Taps.PRECISION - 1);
  private static final int MOST = (256 << Taps.PRECISION) - 1;
  private static final int SECOND = 0xFF00;
  private static final int THIRD = 0xFF0000;
  private static final int FOURTH = 0xFF000000;

  private int[] upright = new int[0];
  private int[] narrow = new int[0];

  @Override
  public void horizontal(byte[] in, int from, int stride, int rows, Taps taps, byte[] out) {
    int lowest = taps.lowest();
    int columns = taps.end() - lowest;
    int width = taps.places();
    if (upright.length < ROWS * columns) {
      upright = new int[ROWS * columns];
    }
    if (narrow.length < ROWS * width) {
      narrow = new int[ROWS * width];
    }
    int start = from + 3 * lowest;
    for (int y = 0; y < rows; y += ROWS) {
      int strip = Math.min(ROWS, rows - y);
      for (int i = 0; i < strip; i++) {
        turn(in, start + (y + i) * stride, columns, upright, i);
      }
      for (int x = 0; x < width; x++) {
        column(upright, taps, x, lowest, narrow);
      }
      for (int i = 0; i < strip; i++) {
        turnBack(narrow, i, width, out, 3 * (y + i) * width);
      }
    }
  }

  private static void turn(byte[] in, int from, int columns, int[] upright, int lane) {
    for (int x = 0; x < columns; x++) {
      upright[ROWS * x + lane] = (int) PIXEL.get(in, from + 3 * x);
    }
  }

  private static void turnBack(int[] narrow, int lane, int width, byte[] out, int to) {
    for (int x = 0; x < width; x++) {
      PIXEL.set(out, to + 3 * x, narrow[ROWS * x + lane]);
    }
  }

  private static void column(int[] upright, Taps taps, int x, int lowest, int[] narrow) {
    int[] weights = taps.weights();
    int weightAt = x * taps.span();
    int at = ROWS * (taps.first()[x] - lowest);
    IntVector red = IntVector.broadcast(INTS, HALF);
    IntVector green = red;
    IntVector blue = red;
    for (int i = taps.count()[x]; i > 0; i--) {
      IntVector pixels = IntVector.fromArray(INTS, upright, at);
      int weight = weights[weightAt++];
      red = red.add(pixels.and(0xFF).mul(weight));
      green = green.add(pixels.lanewise(VectorOperators.LSHR, 8).and(0xFF).mul(weight));
      blue = blue.add(pixels.lanewise(VectorOperators.LSHR, 16).and(0xFF).mul(weight));
      at += ROWS;
    }
    red = red.max(0).min(MOST);
    green = green.max(0).min(MOST);
    blue = blue.max(0).min(MOST);
    red.lanewise(VectorOperators.LSHR, Taps.PRECISION)
        .or(green.lanewise(VectorOperators.LSHR, Taps.PRECISION - 8).and(SECOND))
        .or(blue.lanewise(VectorOperators.LSHR, Taps.PRECISION - 16).and(THIRD))
        .intoArray(narrow, ROWS * x);
  }

  @Override
  public void vertical(byte[] in, int from, int stride, int length, Taps taps, byte[] out) {
    for (int y = 0; y < taps.places(); y++) {
      int start = from + taps.first()[y] * stride;
      row(in, start, stride, length, taps.weights(), y * taps.span(), taps.count()[y], out, y);
    }
  }

  private static void row(
      byte[] in,
      int from,
      int stride,
      int length,
      int[] weights,
      int weightAt,
      int count,
      byte[] out,
      int y) {
    int to = y * length;
    for (int x = 0; x < length; x += BLOCK) {
      IntVector a = IntVector.broadcast(INTS, HALF);
      IntVector b = a;
      IntVector c = a;
      IntVector d = a;
      int at = from + x;
      for (int i = 0; i < count; i++) {
        IntVector four = ByteVector.fromArray(BYTES, in, at).reinterpretAsInts();
        int weight = weights[weightAt + i];
        a = a.add(four.and(0xFF).mul(weight));
        b = b.add(four.lanewise(VectorOperators.LSHR, 8).and(0xFF).mul(weight));
        c = c.add(four.lanewise(VectorOperators.LSHR, 16).and(0xFF).mul(weight));
        d = d.add(four.lanewise(VectorOperators.LSHR, 24).mul(weight));
        at += stride;
      }
      a = a.max(0).min(MOST);
      b = b.max(0).min(MOST);
      c = c.max(0).min(MOST);
      d = d.max(0).min(MOST);
      a.lanewise(VectorOperators.LSHR, Taps.PRECISION)
          .or(b.lanewise(VectorOperators.LSHR, Taps.PRECISION - 8).and(SECOND))
          .or(c.lanewise(VectorOperators.LSHR, Taps.PRECISION - 16).and(THIRD))
          .or(d.lanewise(VectorOperators.LSHL, 24 - Taps.PRECISION).and(FOURTH))
          .reinterpretAsBytes()
          .intoArray(out, to + x);
    }
  }
}
