package io.urrl.actors.random;

/**
 * Philox4x32-10, a counter-based generator (Salmon et al., "Parallel random numbers: as easy as 1,
 * 2, 3", SC 2011): the stream is a pure function of a 64-bit key and a 96-bit position, so that
 * what a sample draws depends on nothing but its identity.
 *
 * <p>The key is a seed; the position has three coordinates, for a view {@code (epoch, sample,
 * view)}; draws count upwards from zero. {@link RandomStream} hands out the positions. An instance
 * is a cursor without locks: one thread at a time. It allocates nothing after construction.
 */
public final class Philox {
  static final int MULTIPLIER_0 = 0xD2511F53;
  static final int MULTIPLIER_1 = 0xCD9E8D57;
  static final int WEYL_0 = 0x9E3779B9;
  static final int WEYL_1 = 0xBB67AE85;
  static final int ROUNDS = 10;

  /** A double has 53 of a long's bits. */
  static final int DOUBLE_SHIFT = 11;

  static final double DOUBLE_UNIT = 0x1.0p-53;

  private final int key0;
  private final int key1;
  private final PhiloxBlocks blocks = new PhiloxBlocks();
  private final int[] block = new int[4];
  private int epoch;
  private int sample;
  private int view;
  private int counter;
  private int used = 4;

  /** A generator for a {@code seed}, standing at position (0, 0, 0). */
  public Philox(long seed) {
    key0 = (int) seed;
    key1 = (int) (seed >>> 32);
  }

  /** Moves to a position; which are whose, {@link RandomStream} says. */
  Philox position(int epoch, int sample, int view) {
    this.epoch = epoch;
    this.sample = sample;
    this.view = view;
    counter = 0;
    used = 4;
    return this;
  }

  /** 32 uniform bits. */
  public int nextInt() {
    if (used == 4) {
      generate(block, key0, key1, counter++, epoch, sample, view);
      used = 0;
    }
    return block[used++];
  }

  /** 64 uniform bits. */
  public long nextLong() {
    long high = nextInt();
    return high << 32 | (nextInt() & 0xFFFFFFFFL);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> DOUBLE_SHIFT) * DOUBLE_UNIT;
  }

  /** The next {@code count} of {@link #nextDouble}, faster. */
  public void nextDoubles(double[] into, int count) {
    int done = 0;
    while (done < count && used != block.length) {
      into[done++] = nextDouble();
      if (used % 2 != 0) {
        // Doubles straddle blocks from here on.
        break;
      }
    }
    if (used == block.length) {
      for (; count - done >= 2 * PhiloxBlocks.LANES; done += 2 * PhiloxBlocks.LANES) {
        blocks.doubles(key0, key1, counter, epoch, sample, view, into, done);
        counter += PhiloxBlocks.LANES;
      }
    }
    while (done < count) {
      into[done++] = nextDouble();
    }
  }

  /** Uniform in [low, high). */
  public double uniform(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /**
   * Uniform in 0..bound-1, without bias (Lemire's multiply-and-reject).
   *
   * @param bound at least 1
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound " + bound + " is not positive");
    }
    long product = (nextInt() & 0xFFFFFFFFL) * bound;
    if ((product & 0xFFFFFFFFL) < bound) {
      long threshold = (0x100000000L - bound) % bound;
      while ((product & 0xFFFFFFFFL) < threshold) {
        product = (nextInt() & 0xFFFFFFFFL) * bound;
      }
    }
    return (int) (product >>> 32);
  }

  /** True with the given probability. */
  public boolean chance(double probability) {
    return nextDouble() < probability;
  }

  /** One block of four words for a key and a counter. */
  static void generate(int[] block, int k0, int k1, int c0, int c1, int c2, int c3) {
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    block[0] = c0;
    block[1] = c1;
    block[2] = c2;
    block[3] = c3;
  }
}
