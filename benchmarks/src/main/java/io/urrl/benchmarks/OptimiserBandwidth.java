package io.urrl.benchmarks;

import io.urrl.parameters.ParallelRanges;
import io.urrl.parameters.SgdKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Memory bandwidth of the fused optimiser pass beside a STREAM triad (McCalpin) in the same
 * process: the budget is 80 % of the triad.
 *
 * <p>Counted as STREAM does, bytes that the program names: 12 a float for the triad (two read, one
 * written), 28 for the optimiser (four read, three written). Both run in turns over buffers far
 * larger than any cache, and the best of the rounds counts. Arguments: floats a buffer (default
 * 30,000,000: a ResNet-50 with its head), rounds (default 20).
 */
public final class OptimiserBandwidth {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int TRIAD_BYTES = 12;
  private static final int OPTIMISER_BYTES = 28;
  private static final int WARM_UP = 5;

  private OptimiserBandwidth() {}

  /** Prints one line for each number of threads from 1 to the processors that there are. */
  public static void main(String[] arguments) {
    long floats = arguments.length > 0 ? Long.parseLong(arguments[0]) : 30_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
    for (int threads = 1; threads <= Runtime.getRuntime().availableProcessors(); threads *= 2) {
      try (Arena arena = Arena.ofShared();
          ParallelRanges ranges = new ParallelRanges(threads)) {
        print(threads, measure(arena, ranges, floats, rounds));
      }
    }
  }

  private record Bandwidth(double triad, double optimiser) {}

  private static Bandwidth measure(Arena arena, ParallelRanges ranges, long floats, int rounds) {
    SgdKernel.Buffers buffers =
        new SgdKernel.Buffers(
            filled(arena, floats),
            filled(arena, floats),
            filled(arena, floats),
            filled(arena, floats));
    SgdKernel.Rule rule = new SgdKernel.Rule(1.0 / 4, 0.03, 0.9, 1e-4, 0.999);
    double triad = 0;
    double optimiser = 0;
    for (int round = -WARM_UP; round < rounds; round++) {
      long start = System.nanoTime();
      ranges.run(
          floats,
          (from, to) ->
              triad(buffers.velocity(), buffers.gradient(), buffers.momentumEncoder(), from, to));
      long middle = System.nanoTime();
      SgdKernel.apply(rule, buffers, ranges);
      long end = System.nanoTime();
      if (round >= 0) {
        triad = Math.max(triad, (double) TRIAD_BYTES * floats / (middle - start));
        optimiser = Math.max(optimiser, (double) OPTIMISER_BYTES * floats / (end - middle));
      }
    }
    return new Bandwidth(triad, optimiser);
  }

  /** a = b + 3 c. */
  private static void triad(MemorySegment a, MemorySegment b, MemorySegment c, long from, long to) {
    FloatVector scalar = FloatVector.broadcast(SPECIES, 3);
    int stride = SPECIES.vectorByteSize();
    long last = to * Float.BYTES - stride;
    for (long at = from * Float.BYTES; at <= last; at += stride) {
      FloatVector left = FloatVector.fromMemorySegment(SPECIES, b, at, ORDER);
      FloatVector right = FloatVector.fromMemorySegment(SPECIES, c, at, ORDER);
      left.add(right.mul(scalar)).intoMemorySegment(a, at, ORDER);
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

  private static void print(int threads, Bandwidth bandwidth) {
    System.out.printf(
        Locale.ROOT,
        "threads %d: triad %.1f GB/s, fused optimiser %.1f GB/s, %.0f %% of the triad%n",
        threads,
        bandwidth.triad(),
        bandwidth.optimiser(),
        100 * bandwidth.optimiser() / bandwidth.triad());
  }
}
