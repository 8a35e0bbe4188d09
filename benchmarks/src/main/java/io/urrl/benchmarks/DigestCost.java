package io.urrl.benchmarks;

import io.urrl.actors.tensor.TensorDigest;
import io.urrl.parameters.DigestedUpdate;
import io.urrl.parameters.ParallelRanges;
import io.urrl.parameters.SgdKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the digests of a step cost, in milliseconds: the median of many rounds, all parts in turn.
 * Arguments: floats of the parameters (default 11,400,000: ResNet-18 of width 64 with its head),
 * negatives of width 128 (default 4,096), rounds (default 60).
 */
public final class DigestCost {
  private static final int WARM_UP = 30;
  private static final int DIM = 128;

  private final Map<String, double[]> milliseconds = new TreeMap<>();
  private final int rounds;
  private long seen;

  private DigestCost(int rounds) {
    this.rounds = rounds;
  }

  /** Prints one line for each part. */
  public static void main(String[] arguments) {
    long floats = arguments.length > 0 ? Long.parseLong(arguments[0]) : 11_400_000;
    long negatives = arguments.length > 1 ? Long.parseLong(arguments[1]) : 4_096;
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 60;
    new DigestCost(rounds).run(floats, negatives);
  }

  private void run(long floats, long negatives) {
    SgdKernel.Rule rule = new SgdKernel.Rule(1, 0.03, 0.9, 1e-4, 0.999);
    try (Arena arena = Arena.ofShared();
        ParallelRanges ranges = new ParallelRanges(Runtime.getRuntime().availableProcessors())) {
      SgdKernel.Buffers buffers =
          new SgdKernel.Buffers(
              filled(arena, floats),
              filled(arena, floats),
              filled(arena, floats),
              filled(arena, floats));
      MemorySegment queue = filled(arena, negatives * DIM);
      for (int round = -WARM_UP; round < rounds; round++) {
        time("shard: update", round, () -> SgdKernel.apply(rule, buffers, ranges));
        time(
            "shard: update with digests",
            round,
            () -> seen ^= DigestedUpdate.apply(rule, buffers, ranges).after().momentumEncoder());
        time(
            "worker: state after a pass",
            round,
            () ->
                seen ^=
                    TensorDigest.combine(
                        TensorDigest.of(buffers.parameters()),
                        TensorDigest.of(buffers.momentumEncoder()),
                        TensorDigest.of(queue)));
        time("worker: gradient", round, () -> seen ^= TensorDigest.of(buffers.gradient()));
      }
    }
    milliseconds.forEach(
        (part, times) -> {
          java.util.Arrays.sort(times);
          System.out.printf(Locale.ROOT, "%-28s %7.2f ms%n", part, times[rounds / 2]);
        });
    System.out.println("(digests of digests: " + Long.toHexString(seen) + ")");
  }

  private void time(String part, int round, Runnable work) {
    long start = System.nanoTime();
    work.run();
    double taken = (System.nanoTime() - start) * 1e-6;
    if (round >= 0) {
      milliseconds.computeIfAbsent(part, name -> new double[rounds])[round] = taken;
    }
  }

  /** Values that differ, so that no processor can take a shortcut over lines of zeros. */
  private static MemorySegment filled(Arena arena, long floats) {
    MemorySegment values = arena.allocate(floats * Float.BYTES, 64);
    for (long i = 0; i < floats; i++) {
      values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i % 1009 - 504) / 504f);
    }
    return values;
  }
}
