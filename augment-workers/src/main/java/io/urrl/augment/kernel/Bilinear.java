package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bilinear interpolation of pixels anywhere inside a picture, in fixed point, cut off; says for
 * which pixels double arithmetic might cut off another whole number.
 *
 * <p>With u = 2^-bits, a coordinate is a column's part plus a row's, each rounded to u: off by at
 * most u; double's own roundings are far below. Interpolation is continuous and changes by at most
 * 255 a pixel in either direction, so this makes the value wrong by at most 510 u. The weights are
 * whole numbers of 2^-22 with sum 1; the product of the fractions, and with it the others, is off
 * by less than one, which makes the value wrong by less than 510 2^-22. A value further than both
 * from a whole number is cut off rightly. So is one from four equal bytes, whatever the weights,
 * unless the true coordinates lie in the cell beside: within u of a cell's border all is doubtful.
 */
final class Bilinear {
  private static final VectorSpecies<Integer> INTS = VectorWidth.ROTATION.ints();
  private static final int LANES = INTS.length();

  /** Four pixels of three bytes to four ints. */
  private static final VectorSpecies<Byte> FOUR_PIXELS = ByteVector.SPECIES_128;

  private static final VectorShuffle<Byte> WIDEN =
      VectorShuffle.fromOp(FOUR_PIXELS, i -> i / 4 * 3 + i % 4);

  private static final VarHandle PIXEL =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Largest width and height: coordinates keep 15 bits behind the point. */
  static final int LARGEST = 0xFFFF;

  private static final int MOST_BITS = 20;

  /** Bits behind the point of weights and values. */
  private static final int PRECISION = 22;

  private static final int FRACTION = (1 << PRECISION) - 1;

  /** Narrower pictures could hold a block's pixels in two rows at the distance of one. */
  private static final int LEAST_WIDTH = 32;

  /** A float from here on has no bits behind the point, so adding it rounds. */
  private static final float ROUNDING = 1 << 23;

  private static final int MANTISSA = (1 << 23) - 1;

  private int[] image = new int[0];
  private int[] columnX = new int[0];
  private int[] columnY = new int[0];
  private int[] place = new int[0];
  private int[] doubt = new int[0];
  private int[] pixels = new int[0];
  private final int[][] weights = new int[4][0];
  private final int[][] corners = new int[4][0];

  private int width;
  private boolean runs;
  private int bits;

  /** Takes a picture whose column x reads ({@code a} x, {@code d} x) and a place of its row's. */
  void prepare(byte[] in, int width, int height, double a, double d) {
    this.width = width;
    runs = width >= LEAST_WIDTH && Math.abs(a) <= 1;
    widen(in, width * height);
    bits = Math.min(MOST_BITS, Integer.numberOfLeadingZeros(Math.max(width, height)) - 1);
    int length = width + LANES;
    if (columnX.length < length) {
      columnX = new int[length];
      columnY = new int[length];
      place = new int[length];
      doubt = new int[length];
      pixels = new int[length];
      for (int i = 0; i < 4; i++) {
        weights[i] = new int[length];
        corners[i] = new int[length];
      }
    }
    for (int x = 0; x < width; x++) {
      columnX[x] = fixed(a * (x + 0.5));
      columnY[x] = fixed(d * (x + 0.5));
    }
  }

  private void widen(byte[] in, int count) {
    if (image.length < count + LANES) {
      image = new int[count + LANES];
    }
    for (int i = 0; i < count; i += 4) {
      ByteVector.fromArray(FOUR_PIXELS, in, 3 * i)
          .rearrange(WIDEN)
          .reinterpretAsInts()
          .intoArray(image, i);
    }
  }

  /** Only the lowest 32 bits: sums wrap into their range again. */
  private int fixed(double coordinate) {
    return (int) Math.round(coordinate * (1 << bits));
  }

  /**
   * Makes columns {@code first} to before {@code end}. Pixel centres are whole numbers here, and
   * all four neighbours of each place lie inside.
   *
   * @param x what to add to the columns' x
   * @param y what to add to the columns' y
   * @param row offset of column 0 in {@code out}
   */
  void row(double x, double y, int first, int end, byte[] out, int row) {
    locate(fixed(x), fixed(y), first, end);
    weigh(fixed(x), fixed(y), first, end);
    gather(first, end);
    for (int shift = 0; shift < 24; shift += 8) {
      interpolate(shift, first, end);
    }
    for (int i = first; i < end; i++) {
      PIXEL.set(out, row + 3 * i, pixels[i]);
    }
  }

  /** First column from {@code x} on that is doubtful, or a number not below {@code end}. */
  int doubtful(int x, int end) {
    int at = x;
    while (at < end && doubt[at] >= 0) {
      at++;
    }
    return at;
  }

  /** Numbers of upper left neighbours, and whether a place is too near to another cell. */
  private void locate(int rowX, int rowY, int first, int end) {
    int mask = (1 << bits) - 1;
    for (int i = first; i < end; i += LANES) {
      IntVector x = IntVector.fromArray(INTS, columnX, i).add(rowX);
      IntVector y = IntVector.fromArray(INTS, columnY, i).add(rowY);
      x.lanewise(VectorOperators.ASHR, bits)
          .add(y.lanewise(VectorOperators.ASHR, bits).mul(width))
          .intoArray(place, i);
      IntVector nearX = x.add(2).and(mask).sub(4);
      IntVector nearY = y.add(2).and(mask).sub(4);
      nearX.or(nearY).intoArray(doubt, i);
    }
  }

  private void weigh(int rowX, int rowY, int first, int end) {
    int mask = (1 << bits) - 1;
    float scale = (float) (1 << PRECISION) / (1 << bits) / (1 << bits);
    for (int i = first; i < end; i += LANES) {
      IntVector x = IntVector.fromArray(INTS, columnX, i).add(rowX).and(mask);
      IntVector y = IntVector.fromArray(INTS, columnY, i).add(rowY).and(mask);
      FloatVector product =
          ((FloatVector) x.convert(VectorOperators.I2F, 0))
              .mul((FloatVector) y.convert(VectorOperators.I2F, 0));
      IntVector both = product.mul(scale).add(ROUNDING).reinterpretAsInts().and(MANTISSA);
      x = x.lanewise(VectorOperators.LSHL, PRECISION - bits).sub(both);
      y = y.lanewise(VectorOperators.LSHL, PRECISION - bits);
      IntVector.broadcast(INTS, 1 << PRECISION).sub(x).sub(y).intoArray(weights[0], i);
      x.intoArray(weights[1], i);
      y.sub(both).intoArray(weights[2], i);
      both.intoArray(weights[3], i);
    }
  }

  /** Pixels that read neighbours in a run, as most do at small angles, are copied together. */
  private void gather(int first, int end) {
    for (int i = first; i < end; i += LANES) {
      if (runs && i <= end - LANES && place[i + LANES - 1] - place[i] == LANES - 1) {
        int at = place[i];
        IntVector.fromArray(INTS, image, at).intoArray(corners[0], i);
        IntVector.fromArray(INTS, image, at + 1).intoArray(corners[1], i);
        IntVector.fromArray(INTS, image, at + width).intoArray(corners[2], i);
        IntVector.fromArray(INTS, image, at + width + 1).intoArray(corners[3], i);
      } else {
        gatherEach(image, width, place, corners, i, Math.min(i + LANES, end));
      }
    }
  }

  private static void gatherEach(
      int[] image, int width, int[] place, int[][] corners, int first, int end) {
    int[] topLeft = corners[0];
    int[] topRight = corners[1];
    int[] bottomLeft = corners[2];
    int[] bottomRight = corners[3];
    for (int i = first; i < end; i++) {
      int at = place[i];
      topLeft[i] = image[at];
      topRight[i] = image[at + 1];
      bottomLeft[i] = image[at + width];
      bottomRight[i] = image[at + width + 1];
    }
  }

  /** Makes the channel at bit {@code shift} of each pixel. */
  private void interpolate(int shift, int first, int end) {
    IntVector mask = IntVector.broadcast(INTS, 0xFF);
    int margin = (510 << (PRECISION - bits)) + 511;
    for (int i = first; i < end; i += LANES) {
      IntVector a = corner(0, i, shift).and(mask);
      IntVector b = corner(1, i, shift).and(mask);
      IntVector c = corner(2, i, shift).and(mask);
      IntVector d = corner(3, i, shift).and(mask);
      IntVector differ =
          a.lanewise(VectorOperators.XOR, b)
              .or(a.lanewise(VectorOperators.XOR, c))
              .or(a.lanewise(VectorOperators.XOR, d));
      IntVector value =
          a.mul(IntVector.fromArray(INTS, weights[0], i))
              .add(b.mul(IntVector.fromArray(INTS, weights[1], i)))
              .add(c.mul(IntVector.fromArray(INTS, weights[2], i)))
              .add(d.mul(IntVector.fromArray(INTS, weights[3], i)));
      value
          .add(margin)
          .and(FRACTION)
          .sub(2 * margin)
          .and(differ.neg())
          .or(IntVector.fromArray(INTS, doubt, i))
          .intoArray(doubt, i);
      IntVector done = IntVector.fromArray(INTS, pixels, i);
      done.and((1 << shift) - 1)
          .or(value.lanewise(VectorOperators.LSHR, PRECISION).lanewise(VectorOperators.LSHL, shift))
          .intoArray(pixels, i);
    }
  }

  private IntVector corner(int which, int i, int shift) {
    return IntVector.fromArray(INTS, corners[which], i).lanewise(VectorOperators.LSHR, shift);
  }
}
