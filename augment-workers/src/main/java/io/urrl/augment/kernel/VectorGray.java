package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Loops over a vector of pixels at a time. */
final class VectorGray implements GrayKernel {
  private static final Lanes LANES = Lanes.of(VectorWidth.GRAY);
  private static final VectorSpecies<Byte> BYTES = LANES.bytes();
  private static final VectorSpecies<Integer> INTS = LANES.ints();
  private static final int PIXEL_BYTES = LANES.pixelBytes();
  private static final VectorShuffle<Byte> SPREAD = LANES.spread();
  private static final VectorShuffle<Byte> CLOSE = LANES.close();
  private static final VectorMask<Byte> BEHIND = LANES.behind();

  /** Bytes of the pixels whose gray values are held at a time. */
  private static final int BLOCK = PIXEL_BYTES << 7;

  private static final int PIXEL_BITS = 24;
  private static final int REPEAT = 0x010101;

  private final int[] grays = new int[BLOCK / 3];

  /**
   * Stores the gray values and then adds them. With both in one loop, which C2 unrolls up to 16
   * times where vectors of 512 bits exist, the sum would be one expression of all its nodes, and
   * beyond 1,100 C2 gives the method up ({@code MaxLabelRootDepth}): every vector then lies on the
   * heap. A store ends an expression.
   */
  @Override
  public long sum(byte[] in, int length) {
    // The last vector is left to the scalar loop: what lies behind the pixels must not count.
    int whole = length / PIXEL_BYTES * PIXEL_BYTES;
    long sum = 0;
    for (int start = 0; start < whole; start += BLOCK) {
      int pixels = Math.min(whole - start, BLOCK) / 3;
      for (int i = 0; i < pixels; i += INTS.length()) {
        ByteVector bytes = ByteVector.fromArray(BYTES, in, start + 3 * i);
        gray(bytes.rearrange(SPREAD).reinterpretAsInts()).intoArray(grays, i);
      }
      IntVector sums = IntVector.zero(INTS);
      for (int i = 0; i < pixels; i += INTS.length()) {
        sums = sums.add(IntVector.fromArray(INTS, grays, i));
      }
      sum += sums.reduceLanes(VectorOperators.ADD);
    }
    return sum + ScalarGray.sum(in, whole, length);
  }

  @Override
  public void grayscale(byte[] in, byte[] out, int length) {
    for (int i = 0; i < length; i += PIXEL_BYTES) {
      ByteVector old = ByteVector.fromArray(BYTES, in, i);
      IntVector gray = gray(old.rearrange(SPREAD).reinterpretAsInts()).mul(REPEAT);
      gray.reinterpretAsBytes().rearrange(CLOSE).blend(old, BEHIND).intoArray(out, i);
    }
  }

  @Override
  public void colour(byte[] in, byte[] out, int length, float factor) {
    for (int i = 0; i < length; i += PIXEL_BYTES) {
      ByteVector old = ByteVector.fromArray(BYTES, in, i);
      IntVector pixels = old.rearrange(SPREAD).reinterpretAsInts();
      IntVector gray = gray(pixels);
      FloatVector from = (FloatVector) gray.convert(VectorOperators.I2F, 0);
      IntVector result = IntVector.zero(INTS);
      for (int shift = 0; shift < PIXEL_BITS; shift += Byte.SIZE) {
        IntVector value = pixels.lanewise(VectorOperators.LSHR, shift).and(0xFF).sub(gray);
        FloatVector mixed =
            ((FloatVector) value.convert(VectorOperators.I2F, 0)).mul(factor).add(from);
        IntVector whole = (IntVector) mixed.convert(VectorOperators.F2I, 0);
        result = result.or(whole.max(0).min(0xFF).lanewise(VectorOperators.LSHL, shift));
      }
      result.reinterpretAsBytes().rearrange(CLOSE).blend(old, BEHIND).intoArray(out, i);
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
