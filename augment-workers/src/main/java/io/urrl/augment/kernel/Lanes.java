package io.urrl.augment.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * How interleaved bytes lie in vectors of 256 bits. Two ways:
 *
 * <ul>
 *   <li>32 bytes, where channels do not matter: as eight ints of four bytes each, which shifts by
 *       {@code 8 k} take apart and put together again without a shuffle;
 *   <li>eight pixels: as eight ints {@code red | green << 8 | blue << 16 | anything << 24}.
 * </ul>
 *
 * <p>Kernels call the vector methods themselves, in loops over the bytes of an int: in a body of
 * some fifty vector operations the compiler stops inlining helpers, whose vectors then lie in
 * memory. The vector methods themselves it inlines without limit.
 */
final class Lanes {
  static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_256;
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;

  /** Bytes of a vector. */
  static final int WIDTH = 32;

  /** Bytes of the eight pixels of a vector. */
  static final int PIXEL_BYTES = 24;

  /** From 24 bytes to eight pixels. */
  static final VectorShuffle<Byte> SPREAD =
      VectorShuffle.fromOp(BYTES, i -> i % 4 == 3 ? WIDTH - 1 : i / 4 * 3 + i % 4);

  /** From eight pixels to 24 bytes. */
  static final VectorShuffle<Byte> CLOSE =
      VectorShuffle.fromOp(BYTES, i -> i < PIXEL_BYTES ? i / 3 * 4 + i % 3 : i);

  /** The bytes behind 24, which a row that is changed in place keeps. */
  static final VectorMask<Byte> BEHIND =
      VectorMask.fromLong(BYTES, (-1L << PIXEL_BYTES) & 0xFFFFFFFFL);

  private Lanes() {}
}
