package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** A loop over a vector of bytes at a time. */
final class VectorMix implements MixKernel {
  private static final Lanes LANES = Lanes.of(VectorWidth.MIX);
  private static final VectorSpecies<Byte> BYTES = LANES.bytes();
  private static final VectorSpecies<Integer> INTS = LANES.ints();
  private static final int WIDTH = LANES.width();

  @Override
  public void mix(
      byte[] plain, byte[][] chains, float[] weights, float share, byte[] out, int length) {
    byte[] first = chains[0];
    byte[] second = chains[1];
    byte[] third = chains[2];
    float w1 = weights[0];
    float w2 = weights[1];
    float w3 = weights[2];
    float rest = 1 - share;
    for (int i = 0; i < length; i += WIDTH) {
      IntVector x = ByteVector.fromArray(BYTES, plain, i).reinterpretAsInts();
      IntVector a = ByteVector.fromArray(BYTES, first, i).reinterpretAsInts();
      IntVector b = ByteVector.fromArray(BYTES, second, i).reinterpretAsInts();
      IntVector c = ByteVector.fromArray(BYTES, third, i).reinterpretAsInts();
      IntVector result = IntVector.zero(INTS);
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        FloatVector mixed = values(a, shift).mul(w1);
        mixed = mixed.add(values(b, shift).mul(w2));
        mixed = mixed.add(values(c, shift).mul(w3));
        mixed = values(x, shift).mul(rest).add(mixed.mul(share)).add(0.5f);
        IntVector whole = (IntVector) mixed.convert(VectorOperators.F2I, 0);
        result = result.or(whole.max(0).min(0xFF).lanewise(VectorOperators.LSHL, shift));
      }
      result.reinterpretAsBytes().intoArray(out, i);
    }
  }

  private static FloatVector values(IntVector four, int shift) {
    IntVector value = four.lanewise(VectorOperators.LSHR, shift).and(0xFF);
    return (FloatVector) value.convert(VectorOperators.I2F, 0);
  }
}
