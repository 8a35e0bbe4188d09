package io.urrl.actors.run;

/**
 * How long a micro-batch takes at present, and so when one is late. A deadline costs nothing but a
 * second worker's time, since any result counts: it may be short.
 */
final class Pace {
  private static final int REMEMBERED = 32;

  /** A micro-batch is late when it takes so many times as long as the slowest one lately. */
  private static final int TIMES = 4;

  private static final long SHORTEST = 2_000;

  private final long longest;
  private final long[] lately = new long[REMEMBERED];
  private int count;

  /**
   * @param longest deadline in milliseconds, and the one before any micro-batch is done
   */
  Pace(long longest) {
    this.longest = longest;
  }

  /** A micro-batch took so many milliseconds. */
  void add(long took) {
    lately[count++ % REMEMBERED] = took;
  }

  /** Deadline of a micro-batch in milliseconds. */
  long deadline() {
    if (count == 0) {
      return longest;
    }
    long slowest = 0;
    for (long took : lately) {
      slowest = Math.max(slowest, took);
    }
    return Math.min(longest, Math.max(SHORTEST, TIMES * slowest));
  }
}
