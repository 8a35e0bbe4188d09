package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of bytes at a time. A sum of bytes over 13, plus a half, is never whole, so the filter
 * works in whole numbers and cuts off where PIL cuts its float.
 */
final class VectorSharpness implements SharpnessKernel {
  private static final Lanes LANES = Lanes.of(VectorWidth.SHARPNESS);
  private static final VectorSpecies<Byte> BYTES = LANES.bytes();
  private static final VectorSpecies<Integer> INTS = LANES.ints();
  private static final int WIDTH = LANES.width();

  /** Every other byte, with room for sums. */
  private static final int PAIRS = 0x00FF00FF;

  private static final int SUM = 0xFFFF;

  /** {@code (2 sum + 13) / 26} as {@code (2 sum + 13) · RECIPROCAL >> SHIFT}, for sums to 3,315. */
  private static final int RECIPROCAL = 40_330;

  private static final int SHIFT = 20;

  @Override
  public void sharpen(byte[] in, byte[] out, int width, int height, float factor) {
    int row = 3 * width;
    if (width < 3 || height < 3) {
      System.arraycopy(in, 0, out, 0, row * height);
      return;
    }
    System.arraycopy(in, 0, out, 0, row);
    for (int y = 1; y < height - 1; y++) {
      int start = y * row;
      int end = start + row;
      // The last vectors may write beyond the row; what belongs there is written afterwards.
      smooth(in, out, start + 3, end - 3, row);
      blend(in, out, start + 3, end - 3, factor);
      System.arraycopy(in, start, out, start, 3);
      System.arraycopy(in, end - 3, out, end - 3, 3);
    }
    System.arraycopy(in, row * (height - 1), out, row * (height - 1), row);
  }

  private static void smooth(byte[] in, byte[] out, int from, int to, int row) {
    for (int at = from; at < to; at += WIDTH) {
      IntVector a = ByteVector.fromArray(BYTES, in, at - row - 3).reinterpretAsInts();
      IntVector b = ByteVector.fromArray(BYTES, in, at - row).reinterpretAsInts();
      IntVector c = ByteVector.fromArray(BYTES, in, at - row + 3).reinterpretAsInts();
      IntVector d = ByteVector.fromArray(BYTES, in, at - 3).reinterpretAsInts();
      IntVector e = ByteVector.fromArray(BYTES, in, at).reinterpretAsInts();
      IntVector f = ByteVector.fromArray(BYTES, in, at + 3).reinterpretAsInts();
      IntVector g = ByteVector.fromArray(BYTES, in, at + row - 3).reinterpretAsInts();
      IntVector h = ByteVector.fromArray(BYTES, in, at + row).reinterpretAsInts();
      IntVector i = ByteVector.fromArray(BYTES, in, at + row + 3).reinterpretAsInts();
      IntVector result = IntVector.zero(INTS);
      for (int odd = 0; odd < Short.SIZE; odd += Byte.SIZE) {
        IntVector sums = e.lanewise(VectorOperators.LSHR, odd).and(PAIRS).mul(5);
        sums = sums.add(a.lanewise(VectorOperators.LSHR, odd).and(PAIRS));
        sums = sums.add(b.lanewise(VectorOperators.LSHR, odd).and(PAIRS));
        sums = sums.add(c.lanewise(VectorOperators.LSHR, odd).and(PAIRS));
        sums = sums.add(d.lanewise(VectorOperators.LSHR, odd).and(PAIRS));
        sums = sums.add(f.lanewise(VectorOperators.LSHR, odd).and(PAIRS));
        sums = sums.add(g.lanewise(VectorOperators.LSHR, odd).and(PAIRS));
        sums = sums.add(h.lanewise(VectorOperators.LSHR, odd).and(PAIRS));
        sums = sums.add(i.lanewise(VectorOperators.LSHR, odd).and(PAIRS));
        IntVector low = sums.and(SUM).mul(2 * RECIPROCAL).add(13 * RECIPROCAL);
        IntVector high =
            sums.lanewise(VectorOperators.LSHR, Short.SIZE)
                .mul(2 * RECIPROCAL)
                .add(13 * RECIPROCAL)
                .lanewise(VectorOperators.LSHR, SHIFT)
                .lanewise(VectorOperators.LSHL, Short.SIZE);
        IntVector both = low.lanewise(VectorOperators.LSHR, SHIFT).or(high);
        result = result.or(both.lanewise(VectorOperators.LSHL, odd));
      }
      result.reinterpretAsBytes().intoArray(out, at);
    }
  }

  /** Blends the smooth picture in {@code out} with the picture. */
  private static void blend(byte[] in, byte[] out, int from, int to, float factor) {
    for (int at = from; at < to; at += WIDTH) {
      IntVector picture = ByteVector.fromArray(BYTES, in, at).reinterpretAsInts();
      IntVector smooth = ByteVector.fromArray(BYTES, out, at).reinterpretAsInts();
      IntVector result = IntVector.zero(INTS);
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        IntVector start = smooth.lanewise(VectorOperators.LSHR, shift).and(0xFF);
        IntVector way = picture.lanewise(VectorOperators.LSHR, shift).and(0xFF).sub(start);
        FloatVector mixed =
            ((FloatVector) way.convert(VectorOperators.I2F, 0))
                .mul(factor)
                .add((FloatVector) start.convert(VectorOperators.I2F, 0));
        IntVector whole = (IntVector) mixed.convert(VectorOperators.F2I, 0);
        result = result.or(whole.max(0).min(0xFF).lanewise(VectorOperators.LSHL, shift));
      }
      result.reinterpretAsBytes().intoArray(out, at);
    }
  }
}
