package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Linear interpolation between two runs of bytes, in fixed point of 24 bits, cut off. */
final class Lerp {
  private static final VectorSpecies<Byte> BYTES = VectorWidth.SHIFT.bytes();
  private static final VectorSpecies<Integer> INTS = VectorWidth.SHIFT.ints();

  /** Bytes made at a time; up to one less may be read and written behind the run. */
  static final int BLOCK = BYTES.length();

  private static final int LANES = INTS.length();
  private static final int SECOND = 0xFF00;
  private static final int THIRD = 0xFF0000;
  private static final int FOURTH = 0xFF000000;

  /** One fraction for the whole run. */
  static void run(byte[] in, int left, int right, int fraction, byte[] out, int to, int length) {
    IntVector mask = IntVector.broadcast(INTS, 0xFF);
    IntVector share = IntVector.broadcast(INTS, fraction);
    IntVector rest = IntVector.broadcast(INTS, Fraction.ONE - fraction);
    for (int x = 0; x < length; x += BLOCK) {
      IntVector l = ByteVector.fromArray(BYTES, in, left + x).reinterpretAsInts();
      IntVector r = ByteVector.fromArray(BYTES, in, right + x).reinterpretAsInts();
      IntVector a = l.and(mask).mul(rest).add(r.and(mask).mul(share));
      IntVector d =
          l.lanewise(VectorOperators.LSHR, 24)
              .mul(rest)
              .add(r.lanewise(VectorOperators.LSHR, 24).mul(share));
      l = l.lanewise(VectorOperators.LSHR, 8);
      r = r.lanewise(VectorOperators.LSHR, 8);
      IntVector b = l.and(mask).mul(rest).add(r.and(mask).mul(share));
      l = l.lanewise(VectorOperators.LSHR, 8);
      r = r.lanewise(VectorOperators.LSHR, 8);
      IntVector c = l.and(mask).mul(rest).add(r.and(mask).mul(share));
      pack(a, b, c, d).intoArray(out, to + x);
    }
  }

  /**
   * A fraction for each byte of a run that starts at offset 0 of both inputs.
   *
   * @param fractions in the order of {@link #fractionAt}
   */
  static void run(byte[] left, byte[] right, int[] fractions, byte[] out, int to, int length) {
    IntVector mask = IntVector.broadcast(INTS, 0xFF);
    IntVector top = IntVector.broadcast(INTS, FOURTH);
    for (int x = 0; x < length; x += BLOCK) {
      IntVector l = ByteVector.fromArray(BYTES, left, x).reinterpretAsInts();
      IntVector r = ByteVector.fromArray(BYTES, right, x).reinterpretAsInts();
      IntVector a = r.and(mask).sub(l.and(mask));
      a = a.mul(IntVector.fromArray(INTS, fractions, x));
      a = a.add(l.lanewise(VectorOperators.LSHL, 24));
      IntVector d = r.lanewise(VectorOperators.LSHR, 24).sub(l.lanewise(VectorOperators.LSHR, 24));
      d = d.mul(IntVector.fromArray(INTS, fractions, x + 3 * LANES)).add(l.and(top));
      r = r.lanewise(VectorOperators.LSHR, 8);
      IntVector l1 = l.lanewise(VectorOperators.LSHR, 8);
      IntVector b = r.and(mask).sub(l1.and(mask));
      b = b.mul(IntVector.fromArray(INTS, fractions, x + LANES));
      b = b.add(l.lanewise(VectorOperators.LSHL, 16).and(top));
      r = r.lanewise(VectorOperators.LSHR, 8);
      l1 = l1.lanewise(VectorOperators.LSHR, 8);
      IntVector c = r.and(mask).sub(l1.and(mask));
      c = c.mul(IntVector.fromArray(INTS, fractions, x + 2 * LANES));
      c = c.add(l.lanewise(VectorOperators.LSHL, 8).and(top));
      pack(a, b, c, d).intoArray(out, to + x);
    }
  }

  /** Where the fraction of the run's byte {@code i} stands. */
  static int fractionAt(int i) {
    int inBlock = i % BLOCK;
    return i - inBlock + inBlock % 4 * LANES + inBlock / 4;
  }

  /** The uppermost bytes of each lane, side by side. */
  private static ByteVector pack(IntVector a, IntVector b, IntVector c, IntVector d) {
    return a.lanewise(VectorOperators.LSHR, 24)
        .or(b.lanewise(VectorOperators.LSHR, 16).and(SECOND))
        .or(c.lanewise(VectorOperators.LSHR, 8).and(THIRD))
        .or(d.and(FOURTH))
        .reinterpretAsBytes();
  }

  private Lerp() {}
}
