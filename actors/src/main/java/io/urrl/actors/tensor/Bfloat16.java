package io.urrl.actors.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The upper half of a float32: sign, exponent and seven bits of the fraction. Rounded to the
 * nearest, to the even one of two that are as near; beyond the largest it is infinity. NaN stays
 * NaN, made quiet. All little endian; the same bits with vectors and without.
 */
public final class Bfloat16 {
  /** Bytes of one. */
  public static final int BYTES = 2;

  private static final VectorSpecies<Integer> WORDS = IntVector.SPECIES_256;
  private static final VectorSpecies<Short> HALVES = ShortVector.SPECIES_128;
  private static final boolean VECTORS = IntVector.SPECIES_PREFERRED.length() >= WORDS.length();
  private static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int SHIFT = 16;
  private static final int ABSOLUTE = 0x7FFF_FFFF;
  private static final int INFINITY = 0x7F80_0000;
  private static final int QUIET = 0x0040_0000;
  private static final int BELOW_HALF = 0x7FFF;

  /** Floats that are rounded at a time where no room for all is taken. */
  private static final int PIECE = 4096;

  /**
   * Rounds floats.
   *
   * @param floats off the heap or on it
   * @param from first byte of the first float
   * @param halves where they go
   * @param at first byte of the first of them
   */
  public static void round(
      MemorySegment floats, long from, MemorySegment halves, long at, long count) {
    long done = VECTORS ? roundVectors(floats, from, halves, at, count) : 0;
    roundScalar(floats, from + done * Float.BYTES, halves, at + done * BYTES, count - done);
  }

  static void roundScalar(
      MemorySegment floats, long from, MemorySegment halves, long at, long count) {
    for (long i = 0; i < count; i++) {
      int bits = floats.get(WORD, from + i * Float.BYTES);
      halves.set(HALF, at + i * BYTES, (short) (rounded(bits) >>> SHIFT));
    }
  }

  private static int rounded(int bits) {
    return (bits & ABSOLUTE) > INFINITY ? bits | QUIET : bits + BELOW_HALF + (bits >>> SHIFT & 1);
  }

  private static long roundVectors(
      MemorySegment floats, long from, MemorySegment halves, long at, long count) {
    long whole = count - count % WORDS.length();
    for (long i = 0; i < whole; i += WORDS.length()) {
      IntVector bits =
          IntVector.fromMemorySegment(
              WORDS, floats, from + i * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
      IntVector odd = bits.lanewise(VectorOperators.LSHR, SHIFT).and(1);
      VectorMask<Integer> isNan = bits.and(ABSOLUTE).compare(VectorOperators.GT, INFINITY);
      ShortVector half =
          (ShortVector)
              bits.add(BELOW_HALF)
                  .add(odd)
                  .blend(bits.or(QUIET), isNan)
                  .lanewise(VectorOperators.LSHR, SHIFT)
                  .convertShape(VectorOperators.I2S, HALVES, 0);
      half.intoMemorySegment(halves, at + i * BYTES, ByteOrder.LITTLE_ENDIAN);
    }
    return whole;
  }

  /**
   * Makes floats of them.
   *
   * @param from first byte of the first of them
   * @param floats where they go
   * @param at first byte of the first float
   */
  public static void expand(
      MemorySegment halves, long from, MemorySegment floats, long at, long count) {
    long done = VECTORS ? expandVectors(halves, from, floats, at, count) : 0;
    expandScalar(halves, from + done * BYTES, floats, at + done * Float.BYTES, count - done);
  }

  static void expandScalar(
      MemorySegment halves, long from, MemorySegment floats, long at, long count) {
    for (long i = 0; i < count; i++) {
      int half = halves.get(HALF, from + i * BYTES);
      floats.set(WORD, at + i * Float.BYTES, half << SHIFT);
    }
  }

  private static long expandVectors(
      MemorySegment halves, long from, MemorySegment floats, long at, long count) {
    long whole = count - count % WORDS.length();
    for (long i = 0; i < whole; i += WORDS.length()) {
      ShortVector half =
          ShortVector.fromMemorySegment(HALVES, halves, from + i * BYTES, ByteOrder.LITTLE_ENDIAN);
      IntVector bits = (IntVector) half.convertShape(VectorOperators.ZERO_EXTEND_S2I, WORDS, 0);
      bits.lanewise(VectorOperators.LSHL, SHIFT)
          .intoMemorySegment(floats, at + i * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
    }
    return whole;
  }

  /** {@link TensorDigest} of the floats that come of rounding these and expanding them again. */
  public static long digest(MemorySegment floats) {
    TensorDigest digest = new TensorDigest();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment halves = arena.allocate((long) PIECE * BYTES);
      MemorySegment again = arena.allocate((long) PIECE * Float.BYTES);
      for (long at = 0; at < floats.byteSize(); at += again.byteSize()) {
        long count = Math.min(again.byteSize(), floats.byteSize() - at) / Float.BYTES;
        round(floats, at, halves, 0, count);
        expand(halves, 0, again, 0, count);
        digest.add(again, 0, count * Float.BYTES);
      }
    }
    return digest.value();
  }

  private Bfloat16() {}
}
