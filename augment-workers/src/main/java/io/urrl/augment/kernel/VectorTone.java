package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops over a vector of bytes at a time. */
final class VectorTone implements ToneKernel {
  private static final VectorSpecies<Byte> BYTES = VectorWidth.TONE.bytes();
  private static final int WIDTH = BYTES.length();

  private static final VectorSpecies<Byte> BLEND_BYTES = VectorWidth.BLEND.bytes();
  private static final VectorSpecies<Integer> INTS = VectorWidth.BLEND.ints();
  private static final VectorSpecies<Float> FLOATS = VectorWidth.BLEND.floats();
  private static final int BLEND_WIDTH = BLEND_BYTES.length();

  /** Three vectors: the least number of bytes in which whole vectors hold whole pixels. */
  private static final int PERIOD = 3 * WIDTH;

  /** Long enough for a vector from any of the first six places. */
  private static final int PATTERN = 6 + INTS.length();

  private final float[] scales = new float[PATTERN];
  private final float[] offsets = new float[PATTERN];
  private final byte[] least = new byte[PERIOD];
  private final byte[] most = new byte[PERIOD];

  @Override
  public void mask(byte[] in, byte[] out, int length, int mask) {
    for (int i = 0; i < length; i += WIDTH) {
      ByteVector.fromArray(BYTES, in, i).and((byte) mask).intoArray(out, i);
    }
  }

  @Override
  public void solarize(byte[] in, byte[] out, int length, int threshold) {
    for (int i = 0; i < length; i += WIDTH) {
      ByteVector values = ByteVector.fromArray(BYTES, in, i);
      VectorMask<Byte> bright = values.compare(VectorOperators.UGE, (byte) threshold);
      values.blend(values.not(), bright).intoArray(out, i);
    }
  }

  @Override
  public void blend(byte[] in, byte[] out, int length, int constant, float factor) {
    FloatVector from = FloatVector.broadcast(FLOATS, constant);
    for (int i = 0; i < length; i += BLEND_WIDTH) {
      IntVector four = ByteVector.fromArray(BLEND_BYTES, in, i).reinterpretAsInts();
      IntVector result = IntVector.zero(INTS);
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        IntVector value = four.lanewise(VectorOperators.LSHR, shift).and(0xFF).sub(constant);
        FloatVector mixed =
            ((FloatVector) value.convert(VectorOperators.I2F, 0)).mul(factor).add(from);
        IntVector whole = (IntVector) mixed.convert(VectorOperators.F2I, 0);
        result = result.or(whole.max(0).min(0xFF).lanewise(VectorOperators.LSHL, shift));
      }
      result.reinterpretAsBytes().intoArray(out, i);
    }
  }

  @Override
  public void stretch(byte[] in, byte[] out, int length, float[] scale, float[] offset) {
    for (int i = 0; i < PATTERN; i++) {
      scales[i] = scale[i % 3];
      offsets[i] = offset[i % 3];
    }
    // Byte k of int j is byte 4 j + k of the vector: of channel (phase + j + k) mod 3.
    int phase = 0;
    for (int i = 0; i < length; i += BLEND_WIDTH) {
      IntVector four = ByteVector.fromArray(BLEND_BYTES, in, i).reinterpretAsInts();
      IntVector result = IntVector.zero(INTS);
      for (int k = 0; k < Integer.BYTES; k++) {
        IntVector value = four.lanewise(VectorOperators.LSHR, Byte.SIZE * k).and(0xFF);
        FloatVector stretched =
            ((FloatVector) value.convert(VectorOperators.I2F, 0))
                .mul(FloatVector.fromArray(FLOATS, scales, phase + k))
                .add(FloatVector.fromArray(FLOATS, offsets, phase + k));
        IntVector whole = (IntVector) stretched.convert(VectorOperators.F2I, 0);
        result = result.or(whole.max(0).min(0xFF).lanewise(VectorOperators.LSHL, Byte.SIZE * k));
      }
      result.reinterpretAsBytes().intoArray(out, i);
      phase = (phase + BLEND_WIDTH) % 3;
    }
  }

  @Override
  public void range(byte[] in, int length, int[] low, int[] high) {
    Arrays.fill(low, 0xFF);
    Arrays.fill(high, 0);
    int whole = length / PERIOD * PERIOD;
    if (whole > 0) {
      ByteVector low0 = ByteVector.broadcast(BYTES, (byte) 0xFF);
      ByteVector low1 = low0;
      ByteVector low2 = low0;
      ByteVector high0 = ByteVector.zero(BYTES);
      ByteVector high1 = high0;
      ByteVector high2 = high0;
      for (int i = 0; i < whole; i += PERIOD) {
        ByteVector first = ByteVector.fromArray(BYTES, in, i);
        ByteVector second = ByteVector.fromArray(BYTES, in, i + WIDTH);
        ByteVector third = ByteVector.fromArray(BYTES, in, i + 2 * WIDTH);
        low0 = low0.lanewise(VectorOperators.UMIN, first);
        low1 = low1.lanewise(VectorOperators.UMIN, second);
        low2 = low2.lanewise(VectorOperators.UMIN, third);
        high0 = high0.lanewise(VectorOperators.UMAX, first);
        high1 = high1.lanewise(VectorOperators.UMAX, second);
        high2 = high2.lanewise(VectorOperators.UMAX, third);
      }
      low0.intoArray(least, 0);
      low1.intoArray(least, WIDTH);
      low2.intoArray(least, 2 * WIDTH);
      high0.intoArray(most, 0);
      high1.intoArray(most, WIDTH);
      high2.intoArray(most, 2 * WIDTH);
      ScalarTone.range(least, 0, PERIOD, low, high);
      ScalarTone.range(most, 0, PERIOD, low, high);
    }
    ScalarTone.range(in, whole, length, low, high);
  }
}
