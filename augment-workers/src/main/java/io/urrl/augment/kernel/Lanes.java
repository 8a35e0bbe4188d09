package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * How interleaved bytes lie in vectors of 256 or 512 bits. Two ways:
 *
 * <ul>
 *   <li>32 or 64 bytes, where channels do not matter: as ints of four bytes each, which shifts by
 *       {@code 8 k} take apart and put together again without a shuffle;
 *   <li>eight or 16 pixels: as ints {@code red | green << 8 | blue << 16 | anything << 24}.
 * </ul>
 *
 * <p>Kernels call the vector methods themselves, in loops over the bytes of an int: in a body of
 * some fifty vector operations the compiler stops inlining helpers, whose vectors then lie in
 * memory. The vector methods themselves it inlines without limit.
 *
 * @param bytes species of the bytes
 * @param ints species of as many bits
 * @param floats species of as many bits
 * @param spread from the bytes of whole pixels to pixels
 * @param close from pixels to the bytes of whole pixels
 * @param behind the bytes behind whole pixels, which a row that is changed in place keeps
 */
record Lanes(
    VectorSpecies<Byte> bytes,
    VectorSpecies<Integer> ints,
    VectorSpecies<Float> floats,
    VectorShuffle<Byte> spread,
    VectorShuffle<Byte> close,
    VectorMask<Byte> behind) {

  /** The lanes of a kernel. */
  static Lanes of(VectorWidth kernel) {
    VectorSpecies<Byte> bytes = kernel.bytes();
    int width = bytes.length();
    int pixelBytes = width / 4 * 3;
    return new Lanes(
        bytes,
        kernel.ints(),
        kernel.floats(),
        VectorShuffle.fromOp(bytes, i -> i % 4 == 3 ? width - 1 : i / 4 * 3 + i % 4),
        VectorShuffle.fromOp(bytes, i -> i < pixelBytes ? i / 3 * 4 + i % 3 : i),
        VectorMask.fromLong(bytes, -1L << pixelBytes));
  }

  /** Bytes of a vector. */
  int width() {
    return bytes.length();
  }

  /** Bytes of the whole pixels of a vector. */
  int pixelBytes() {
    return 3 * ints.length();
  }
}
