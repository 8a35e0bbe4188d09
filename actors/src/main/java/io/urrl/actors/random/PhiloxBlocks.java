package io.urrl.actors.random;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Philox4x32-10 on several counters at a time, one a lane, with 32 bits in each long. */
final class PhiloxBlocks {
  private static final VectorSpecies<Long> SPECIES = VectorWidth.PHILOX.longs();

  /** Blocks that are made at a time. */
  static final int LANES = SPECIES.length();

  private static final long WORD = 0xFFFFFFFFL;
  private static final LongVector COUNTERS = LongVector.zero(SPECIES).addIndex(1);

  /** High and low words of a block side by side: the first and the second long of each. */
  private final long[] first = new long[LANES];

  private final long[] second = new long[LANES];

  /**
   * Writes the doubles of the blocks {@code counter} to {@code counter + LANES - 1}, two a block,
   * as {@link Philox#nextDouble} gives them.
   */
  void doubles(int key0, int key1, int counter, int c1, int c2, int c3, double[] into, int offset) {
    // Masked, although the words are within range: so the compiler sees a 32-bit multiplication.
    LongVector w0 = COUNTERS.add(counter).and(WORD);
    LongVector w1 = LongVector.broadcast(SPECIES, c1 & WORD);
    LongVector w2 = LongVector.broadcast(SPECIES, c2 & WORD);
    LongVector w3 = LongVector.broadcast(SPECIES, c3 & WORD);
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < Philox.ROUNDS; round++) {
      LongVector p0 = w0.and(WORD).mul(Philox.MULTIPLIER_0 & WORD);
      LongVector p1 = w2.and(WORD).mul(Philox.MULTIPLIER_1 & WORD);
      w0 = high(p1).lanewise(VectorOperators.XOR, w1).lanewise(VectorOperators.XOR, k0 & WORD);
      w1 = p1.and(WORD);
      w2 = high(p0).lanewise(VectorOperators.XOR, w3).lanewise(VectorOperators.XOR, k1 & WORD);
      w3 = p0.and(WORD);
      k0 += Philox.WEYL_0;
      k1 += Philox.WEYL_1;
    }
    join(w0, w1).intoArray(first, 0);
    join(w2, w3).intoArray(second, 0);
    for (int lane = 0; lane < LANES; lane++) {
      into[offset + 2 * lane] = first[lane] * Philox.DOUBLE_UNIT;
      into[offset + 2 * lane + 1] = second[lane] * Philox.DOUBLE_UNIT;
    }
  }

  private static LongVector high(LongVector product) {
    return product.lanewise(VectorOperators.LSHR, Integer.SIZE);
  }

  private static LongVector join(LongVector high, LongVector low) {
    return high.lanewise(VectorOperators.LSHL, Integer.SIZE)
        .lanewise(VectorOperators.OR, low)
        .lanewise(VectorOperators.LSHR, Philox.DOUBLE_SHIFT);
  }
}
