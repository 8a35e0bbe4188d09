package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A share of a pixel's distance as a whole number of 2^-24, and whether interpolating with it gives
 * the bytes that double arithmetic gives.
 *
 * <p>With the share s and its rounded number S, |S − s 2^24| ≤ ½, interpolation between bytes l and
 * r computes l 2^24 + n S instead of (l + n s) 2^24, n = r − l: off by at most |n| / 2. Double
 * arithmetic itself is off by less than 2^-4 in this unit as long as coordinates stay below 2^15,
 * roundings of s along a row or column included. So the whole part is the same if n S is further
 * than |n| / 2 + 1 from a multiple of 2^24. That is tested for every n from 1 to 256 beforehand (−n
 * S is as far from a multiple as n S), and nothing needs testing for each pixel. Equal bytes, n =
 * 0, are exact anyway.
 */
final class Fraction {
  private static final VectorSpecies<Integer> INTS = VectorWidth.SHIFT.ints();

  /** Bits behind the point. */
  static final int BITS = 24;

  /** The whole distance. */
  static final int ONE = 1 << BITS;

  /** Sizes and shifts from here on are not for fixed point. */
  static final int FAR = 1 << 14;

  /** The rounded number of a share in 0..1. */
  static int of(double share) {
    return (int) Math.rint(share * ONE);
  }

  /** Whether a coordinate's share is a whole number of 2^-24, and so nothing is ever rounded. */
  static boolean isExact(double coordinate) {
    return coordinate * ONE == Math.rint(coordinate * ONE);
  }

  /**
   * Whether interpolation gives the right bytes for a share that is not exact. Also false where the
   * share is so near 0, ½ or 1 that rounding along the row could change the pixel read, or whether
   * it lies inside.
   */
  static boolean isSafe(int fraction) {
    if (fraction == 0 || fraction == ONE / 2 || fraction == ONE) {
      return false;
    }
    IntVector n = IntVector.broadcast(INTS, 1).addIndex(1);
    IntVector unsafe = IntVector.zero(INTS);
    for (int lanes = 0; lanes < 255; lanes += INTS.length()) {
      IntVector error = n.lanewise(VectorOperators.LSHR, 1).add(1);
      IntVector distance = n.mul(fraction).add(error).and(ONE - 1);
      unsafe = unsafe.or(distance.sub(error).sub(error));
      n = n.add(INTS.length());
    }
    return unsafe.reduceLanes(VectorOperators.OR) >= 0;
  }

  private Fraction() {}
}
