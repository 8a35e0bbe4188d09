package io.urrl.augment.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Loops over eight pixels at a time. */
final class VectorGray implements GrayKernel {
  /** Bytes after which sums leave their 32-bit lanes, long before these overflow. */
  private static final int BLOCK = Lanes.PIXEL_BYTES << 20;

  private static final int PIXEL_BITS = 24;
  private static final int REPEAT = 0x010101;

  @Override
  public long sum(byte[] in, int length) {
    // The last vector is left to the scalar loop: what lies behind the pixels must not count.
    int whole = length / Lanes.PIXEL_BYTES * Lanes.PIXEL_BYTES;
    long sum = 0;
    for (int start = 0; start < whole; start += BLOCK) {
      int end = (int) Math.min(whole, (long) start + BLOCK);
      IntVector sums = IntVector.zero(Lanes.INTS);
      for (int i = start; i < end; i += Lanes.PIXEL_BYTES) {
        ByteVector bytes = ByteVector.fromArray(Lanes.BYTES, in, i);
        sums = sums.add(gray(bytes.rearrange(Lanes.SPREAD).reinterpretAsInts()));
      }
      sum += sums.reduceLanesToLong(VectorOperators.ADD);
    }
    return sum + ScalarGray.sum(in, whole, length);
  }

  @Override
  public void grayscale(byte[] in, byte[] out, int length) {
    for (int i = 0; i < length; i += Lanes.PIXEL_BYTES) {
      ByteVector old = ByteVector.fromArray(Lanes.BYTES, in, i);
      IntVector gray = gray(old.rearrange(Lanes.SPREAD).reinterpretAsInts()).mul(REPEAT);
      gray.reinterpretAsBytes().rearrange(Lanes.CLOSE).blend(old, Lanes.BEHIND).intoArray(out, i);
    }
  }

  @Override
  public void colour(byte[] in, byte[] out, int length, float factor) {
    for (int i = 0; i < length; i += Lanes.PIXEL_BYTES) {
      ByteVector old = ByteVector.fromArray(Lanes.BYTES, in, i);
      IntVector pixels = old.rearrange(Lanes.SPREAD).reinterpretAsInts();
      IntVector gray = gray(pixels);
      FloatVector from = (FloatVector) gray.convert(VectorOperators.I2F, 0);
      IntVector result = IntVector.zero(Lanes.INTS);
      for (int shift = 0; shift < PIXEL_BITS; shift += Byte.SIZE) {
        IntVector value = pixels.lanewise(VectorOperators.LSHR, shift).and(0xFF).sub(gray);
        FloatVector mixed =
            ((FloatVector) value.convert(VectorOperators.I2F, 0)).mul(factor).add(from);
        IntVector whole = (IntVector) mixed.convert(VectorOperators.F2I, 0);
        result = result.or(whole.max(0).min(0xFF).lanewise(VectorOperators.LSHL, shift));
      }
      result.reinterpretAsBytes().rearrange(Lanes.CLOSE).blend(old, Lanes.BEHIND).intoArray(out, i);
    }
  }

  private static IntVector gray(IntVector pixels) {
    IntVector red = pixels.and(0xFF);
    IntVector green = pixels.lanewise(VectorOperators.LSHR, 8).and(0xFF);
    IntVector blue = pixels.lanewise(VectorOperators.LSHR, 16).and(0xFF);
    return red.mul(ScalarGray.RED)
        .add(green.mul(ScalarGray.GREEN))
        .add(blue.mul(ScalarGray.BLUE))
        .add(ScalarGray.HALF)
        .lanewise(VectorOperators.LSHR, ScalarGray.BITS);
  }
}
