package io.urrl.actors.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Digest of a tensor's bytes, cheap enough to be always on: it runs at the speed of memory.
 *
 * <p>The bytes are taken as blocks of 64, eight little-endian words each, the last one filled up
 * with zeros. With x(b, l) the word l of block b of B:
 *
 * <pre>
 *   s1(l) = sum over b of x(b, l)              modulo 2^64
 *   s2(l) = sum over b of (B - b) x(b, l)      modulo 2^64
 * </pre>
 *
 * <p>The digest mixes the eight pairs and the length. A single bit that differs always changes it;
 * any other difference stays unseen with a probability of about 2^-64. It does not protect against
 * intent. The value depends neither on the machine's vector width nor on how the bytes are cut into
 * pieces. Not thread-safe.
 */
public final class TensorDigest {
  /**
   * Bytes of a block; pieces that are digested apart and {@linkplain #append joined} hold whole
   * ones.
   */
  public static final int BLOCK = 64;

  private static final int WORDS = BLOCK / Long.BYTES;
  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_256;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final long[] sums = new long[WORDS];
  private final long[] weighted = new long[WORDS];
  private final MemorySegment carry = MemorySegment.ofArray(new byte[BLOCK]);
  private final boolean vectors;
  private long length;

  /** Of no bytes yet. */
  public TensorDigest() {
    this(LongVector.SPECIES_PREFERRED.length() >= SPECIES.length());
  }

  /**
   * @param vectors whether to use vectors, where a machine without them would emulate them slowly
   */
  TensorDigest(boolean vectors) {
    this.vectors = vectors;
  }

  /** Digest of all bytes of {@code bytes}. */
  public static long of(MemorySegment bytes) {
    TensorDigest digest = new TensorDigest();
    digest.add(bytes);
    return digest.value();
  }

  /** One digest of several, in their order. */
  public static long combine(long... digests) {
    long value = digests.length;
    for (long digest : digests) {
      value = mix(value * 31 + digest);
    }
    return value;
  }

  /** Forgets all bytes. */
  public void reset() {
    Arrays.fill(sums, 0);
    Arrays.fill(weighted, 0);
    length = 0;
  }

  /** Takes the next bytes of the tensor. */
  public void add(MemorySegment bytes) {
    add(bytes, 0, bytes.byteSize());
  }

  /** Takes bytes {@code from} to {@code to} - 1 of {@code bytes} as the next ones. */
  public void add(MemorySegment bytes, long from, long to) {
    int held = (int) (length % BLOCK);
    length += to - from;
    long at = from;
    if (held > 0) {
      long missing = Math.min(to - from, BLOCK - held);
      MemorySegment.copy(bytes, from, carry, held, missing);
      if (held + missing < BLOCK) {
        return;
      }
      scalarBlocks(carry, 0, BLOCK);
      at += missing;
    }
    long whole = at + (to - at) / BLOCK * BLOCK;
    if (whole > at) {
      blocks(bytes, at, whole);
    }
    MemorySegment.copy(bytes, whole, carry, 0, to - whole);
  }

  /**
   * Takes the bytes that another digest has seen as the next ones.
   *
   * @throws IllegalStateException when this one has not seen whole blocks only
   */
  public void append(TensorDigest next) {
    if (length % BLOCK != 0) {
      throw new IllegalStateException(length + " bytes are no whole blocks");
    }
    long blocks = next.length / BLOCK;
    for (int word = 0; word < WORDS; word++) {
      weighted[word] += sums[word] * blocks + next.weighted[word];
      sums[word] += next.sums[word];
    }
    carry.copyFrom(next.carry);
    length += next.length;
  }

  /** Digest of the bytes so far; more may follow. */
  public long value() {
    int held = (int) (length % BLOCK);
    long value = mix(length);
    for (int word = 0; word < WORDS; word++) {
      long sum = sums[word];
      long other = weighted[word];
      if (held > 0) {
        sum += heldWord(word, held);
        other += sum;
      }
      value = mix(value * 31 + sum);
      value = mix(value * 31 + other);
    }
    return value;
  }

  /** A word of the last block, which lacks the bytes from {@code held} on. */
  private long heldWord(int word, int held) {
    long value = 0;
    int first = word * Long.BYTES;
    for (int at = first; at < Math.min(first + Long.BYTES, held); at++) {
      value |= (carry.get(ValueLayout.JAVA_BYTE, at) & 0xFFL) << (8 * (at - first));
    }
    return value;
  }

  private void blocks(MemorySegment bytes, long from, long to) {
    if (!vectors) {
      scalarBlocks(bytes, from, to);
      return;
    }
    int half = SPECIES.vectorByteSize();
    LongVector lowSum = LongVector.fromArray(SPECIES, sums, 0);
    LongVector highSum = LongVector.fromArray(SPECIES, sums, WORDS / 2);
    LongVector low = LongVector.fromArray(SPECIES, weighted, 0);
    LongVector high = LongVector.fromArray(SPECIES, weighted, WORDS / 2);
    for (long at = from; at < to; at += BLOCK) {
      lowSum = lowSum.add(word(bytes, at));
      highSum = highSum.add(word(bytes, at + half));
      low = low.add(lowSum);
      high = high.add(highSum);
    }
    lowSum.intoArray(sums, 0);
    highSum.intoArray(sums, WORDS / 2);
    low.intoArray(weighted, 0);
    high.intoArray(weighted, WORDS / 2);
  }

  private static LongVector word(MemorySegment bytes, long at) {
    return LongVector.fromMemorySegment(SPECIES, bytes, at, ByteOrder.LITTLE_ENDIAN);
  }

  private void scalarBlocks(MemorySegment bytes, long from, long to) {
    for (long at = from; at < to; at += BLOCK) {
      for (int word = 0; word < WORDS; word++) {
        sums[word] += bytes.get(WORD, at + (long) word * Long.BYTES);
        weighted[word] += sums[word];
      }
    }
  }

  /** Finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long value) {
    long mixed = value + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
