package io.urrl.parameters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.urrl.actors.tensor.MomentumUpdate;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SgdKernelTest {
  private static final SgdKernel.Rule RULE = new SgdKernel.Rule(1.0 / 3, 0.03, 0.9, 1e-4, 0.999);

  private static SgdKernel.Buffers buffers(Arena arena, long length, long seed) {
    return new SgdKernel.Buffers(
        Segments.random(arena, length, seed),
        Segments.random(arena, length, seed + 1),
        Segments.random(arena, length, seed + 2),
        Segments.random(arena, length, seed + 3));
  }

  private static void assertSameBits(SgdKernel.Buffers expected, SgdKernel.Buffers actual) {
    assertEquals(-1, expected.parameters().mismatch(actual.parameters()), "parameters");
    assertEquals(-1, expected.velocity().mismatch(actual.velocity()), "velocity");
    assertEquals(
        -1, expected.momentumEncoder().mismatch(actual.momentumEncoder()), "momentum encoder");
    assertEquals(-1, expected.gradient().mismatch(actual.gradient()), "gradient");
  }

  @Property(tries = 60)
  void vectorsAndScalarsGiveTheSameBits(
      @ForAll @IntRange(min = 0, max = 400) int length, @ForAll long seed) {
    try (Arena arena = Arena.ofConfined()) {
      SgdKernel.Buffers vector = buffers(arena, length, seed);
      SgdKernel.Buffers scalar = buffers(arena, length, seed);
      SgdKernel.apply(RULE, vector);
      SgdKernel.scalar(RULE, scalar, 0, length);
      assertSameBits(scalar, vector);
    }
  }

  /** The same parameters, whether or not a momentum encoder follows them. */
  @Property(tries = 60)
  void withoutAMomentumEncoderTheRestHasTheSameBits(
      @ForAll @IntRange(min = 1, max = 400) int length, @ForAll long seed) {
    try (Arena arena = Arena.ofConfined()) {
      SgdKernel.Buffers followed = buffers(arena, length, seed);
      SgdKernel.Buffers all = buffers(arena, length, seed);
      SgdKernel.Buffers alone =
          new SgdKernel.Buffers(
              all.gradient(), all.parameters(), all.velocity(), MemorySegment.NULL);
      SgdKernel.apply(RULE, followed);
      SgdKernel.apply(RULE, alone);
      assertEquals(-1, followed.parameters().mismatch(alone.parameters()));
      assertEquals(-1, followed.velocity().mismatch(alone.velocity()));
    }
  }

  @Property(tries = 10)
  void theSplitOverThreadsDoesNotMatter(
      @ForAll @IntRange(min = 1, max = 5) int threads,
      @ForAll @IntRange(min = 0, max = 200_000) int length) {
    try (Arena arena = Arena.ofShared();
        ParallelRanges ranges = new ParallelRanges(threads)) {
      SgdKernel.Buffers whole = buffers(arena, length, 5);
      SgdKernel.Buffers split = buffers(arena, length, 5);
      SgdKernel.apply(RULE, whole);
      SgdKernel.apply(RULE, split, ranges);
      assertSameBits(whole, split);
    }
  }

  @Test
  void aRangeLeavesTheRestAlone() {
    try (Arena arena = Arena.ofConfined()) {
      SgdKernel.Buffers changed = buffers(arena, 100, 1);
      SgdKernel.Buffers kept = buffers(arena, 100, 1);
      SgdKernel.apply(RULE, changed, 7, 93);
      assertEquals(
          -1, changed.parameters().asSlice(0, 28).mismatch(kept.parameters().asSlice(0, 28)));
      assertEquals(-1, changed.parameters().asSlice(372).mismatch(kept.parameters().asSlice(372)));
      SgdKernel.scalar(RULE, kept, 7, 93);
      assertSameBits(kept, changed);
    }
  }

  @Test
  void theKeyHasTheBitsThatAWorkerGetsByFollowing() {
    try (Arena arena = Arena.ofConfined()) {
      SgdKernel.Buffers server = buffers(arena, 1003, 9);
      MemorySegment worker =
          arena.allocate(server.momentumEncoder().byteSize()).copyFrom(server.momentumEncoder());
      for (int step = 0; step < 5; step++) {
        SgdKernel.apply(RULE, server);
        MomentumUpdate.follow(worker, server.parameters(), RULE.encoderMomentum());
        assertEquals(-1, server.momentumEncoder().mismatch(worker), "step " + step);
      }
    }
  }

  @Test
  void theFirstStepHasVelocityEqualToTheDecayedGradient() {
    try (Arena arena = Arena.ofConfined()) {
      SgdKernel.Buffers buffers =
          new SgdKernel.Buffers(
              Segments.of(arena, 4),
              Segments.of(arena, 2),
              Segments.of(arena, 0),
              Segments.of(arena, 10));
      SgdKernel.apply(new SgdKernel.Rule(0.5, 0.25, 0.9, 0.5, 0.75), buffers);
      assertArrayEquals(new float[] {3}, Segments.floats(buffers.velocity()));
      assertArrayEquals(new float[] {1.25f}, Segments.floats(buffers.parameters()));
      assertArrayEquals(new float[] {7.8125f}, Segments.floats(buffers.momentumEncoder()));
    }
  }

  @Test
  void lengthsMustAgree() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = Segments.of(arena, 1);
      MemorySegment two = Segments.of(arena, 1, 2);
      assertThrows(IllegalArgumentException.class, () -> new SgdKernel.Buffers(one, one, one, two));
    }
  }

  @Test
  void aFailureIsThrownOnceAllRangesHaveEnded() {
    for (int failing = 0; failing < 3; failing++) {
      int bad = failing;
      AtomicInteger ended = new AtomicInteger();
      try (ParallelRanges ranges = new ParallelRanges(3)) {
        assertThrows(
            IllegalStateException.class,
            () ->
                ranges.run(
                    3 << 16,
                    (from, to) -> {
                      ended.incrementAndGet();
                      if (from == (long) bad << 16) {
                        throw new IllegalStateException("range " + bad);
                      }
                    }));
        assertEquals(3, ended.get());
      }
    }
  }
}
