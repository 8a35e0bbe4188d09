package io.urrl.actors.plan;

/**
 * A keyed bijection of 0..size-1 for every (seed, epoch), evaluated at any place in O(1) memory: a
 * four-round Feistel network over the smallest even number of bits that holds the size, with
 * cycle-walking back into range (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
 */
public final class EpochPermutation {
  private static final int ROUNDS = 4;

  private final long seed;
  private final int size;
  private final int halfBits;
  private final int halfMask;

  /**
   * @param seed the run's seed
   * @param size number of samples, at least 1
   */
  public EpochPermutation(long seed, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a permutation needs at least one sample, not " + size);
    }
    this.seed = seed;
    this.size = size;
    int bits = Math.max(2, 32 - Integer.numberOfLeadingZeros(size - 1));
    halfBits = (bits + 1) / 2;
    halfMask = (1 << halfBits) - 1;
  }

  /** The sample at {@code place} of {@code epoch}. */
  public int sampleAt(int epoch, int place) {
    if (place < 0 || place >= size) {
      throw new IndexOutOfBoundsException("place " + place + " of " + size);
    }
    int value = place;
    do {
      value = feistel(epoch, value);
    } while (value >= size || value < 0);
    return value;
  }

  private int feistel(int epoch, int value) {
    int left = value >>> halfBits;
    int right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      int next = left ^ (int) (mix(epoch, round, right) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  /** The finaliser of SplitMix64 over seed, epoch, round and half. */
  private long mix(int epoch, int round, int half) {
    long z = seed + 0x9E3779B97F4A7C15L * (((long) epoch << 34) + ((long) round << 32) + half + 1);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
