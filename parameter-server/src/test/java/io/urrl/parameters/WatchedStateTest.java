package io.urrl.parameters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchedStateTest {
  private static final SgdKernel.Rule RULE = new SgdKernel.Rule(0.5, 0.1, 0.9, 1e-4, 0.99);
  private static final int GROUPS = 2;
  private static final int DIM = 6;

  /** Long enough for two ranges, and no multiple of a piece or a block. */
  private static final StateLayout LAYOUT =
      new StateLayout(
          TensorLayout.builder().add("conv.weight", 3, 5, 9007).build(),
          TensorLayout.builder().add("bn.running_mean", 7).add("bn.running_var", 7).build(),
          Moco.of(5, DIM, 0.99f, 0.2f));

  private final Arena arena = Arena.ofShared();
  private final ParallelRanges ranges = new ParallelRanges(2);
  private final ParameterState state = ParameterState.whole(LAYOUT);
  private WatchedState watched;

  @BeforeEach
  void fill() {
    States.fill(state, 3);
    watched = new WatchedState(state);
  }

  @AfterEach
  void close() {
    state.close();
    ranges.close();
    arena.close();
  }

  private void step(long seed) {
    MemorySegment gradient = Segments.random(arena, LAYOUT.parameters().size(), seed);
    MemorySegment keys = Segments.random(arena, 2L * DIM, seed);
    MemorySegment ofQueries = Segments.random(arena, GROUPS * 14L, seed);
    MemorySegment ofKeys = Segments.random(arena, GROUPS * 14L, seed + 1);
    watched.step(RULE, gradient, List.of(List.of(keys, ofQueries, ofKeys)), ranges);
  }

  @Test
  void theDigestsAreThoseOfAFullReading() {
    for (long seed = 1; seed < 4; seed++) {
      step(seed);
      assertEquals(StateDigests.of(state), watched.digests());
    }
    assertEquals(6, state.version());
  }

  @Test
  void theBitsAreThoseOfThePlainKernel() {
    MemorySegment query =
        arena.allocate(state.parameters().byteSize()).copyFrom(state.parameters());
    MemorySegment key = arena.allocate(query.byteSize()).copyFrom(state.momentumEncoder());
    MemorySegment velocity = arena.allocate(query.byteSize()).copyFrom(state.velocity());
    MemorySegment gradient = Segments.random(arena, LAYOUT.parameters().size(), 8);
    SgdKernel.apply(RULE, new SgdKernel.Buffers(gradient, query, velocity, key));
    watched.step(RULE, gradient, List.of(), ranges);
    assertEquals(-1, query.mismatch(state.parameters()));
    assertEquals(-1, key.mismatch(state.momentumEncoder()));
    assertEquals(-1, velocity.mismatch(state.velocity()));
  }

  private void assertNoticed(Function<ParameterState, MemorySegment> part, String name) {
    step(1);
    MemorySegment memory = part.apply(state);
    long place = memory.byteSize() - 5;
    byte value = memory.get(ValueLayout.JAVA_BYTE, place);
    memory.set(ValueLayout.JAVA_BYTE, place, (byte) (value ^ 4));
    DamagedStateException found = assertThrows(DamagedStateException.class, () -> step(2));
    assertTrue(found.getMessage().contains(name), found.getMessage());
    assertTrue(found.getMessage().contains("after step 4"), found.getMessage());
  }

  @Test
  void aDamagedStateIsNoticedBeforeItLeaves() {
    step(1);
    watched.requireIntact();
    state.momentumEncoder().set(ValueLayout.JAVA_INT, 64, 3);
    assertTrue(
        assertThrows(DamagedStateException.class, watched::requireIntact)
            .getMessage()
            .contains("momentum encoder"));
  }

  @Test
  void aFlippedBitOfTheEncoderIsNoticed() {
    assertNoticed(ParameterState::parameters, "shard's encoder");
  }

  @Test
  void aFlippedBitOfTheMomentumEncoderIsNoticed() {
    assertNoticed(ParameterState::momentumEncoder, "momentum encoder");
  }

  @Test
  void aFlippedBitOfTheMomentumBufferIsNoticed() {
    assertNoticed(ParameterState::velocity, "momentum buffer");
  }

  @Test
  void aFlippedBitOfTheQueueIsNoticed() {
    assertNoticed(whole -> whole.companions().get(Moco.QUEUE).values(), "queue");
  }

  @Test
  void aFlippedBitOfTheStatisticsIsNoticed() {
    assertNoticed(whole -> whole.companions().get(Moco.KEY_STATISTICS).values(), "key statistics");
  }
}
