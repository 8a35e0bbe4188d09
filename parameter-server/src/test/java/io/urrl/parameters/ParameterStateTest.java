package io.urrl.parameters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterStateTest {
  private static final StateLayout LAYOUT =
      new StateLayout(
          TensorLayout.builder().add("conv1.weight", 4, 3, 3, 3).add("fc.bias", 13).build(),
          TensorLayout.builder().add("bn1.running_mean", 4).add("bn1.running_var", 4).build(),
          Moco.of(7, 3, 0.99f, 0.2f));
  private static final SgdKernel.Rule RULE = new SgdKernel.Rule(0.5, 0.03, 0.9, 1e-4, 0.99);

  private static void assertSame(ParameterState expected, ParameterState actual) {
    assertEquals(-1, expected.parameters().mismatch(actual.parameters()));
    assertEquals(-1, expected.momentumEncoder().mismatch(actual.momentumEncoder()));
    assertEquals(-1, expected.velocity().mismatch(actual.velocity()));
    assertEquals(expected.version(), actual.version());
    for (int index = 0; index < expected.companions().size(); index++) {
      CompanionState one = expected.companions().get(index);
      CompanionState two = actual.companions().get(index);
      assertEquals(-1, one.values().mismatch(two.values()));
      assertEquals(one.position(), two.position());
    }
    assertEquals(batches(expected), batches(actual));
  }

  private static long batches(ParameterState state) {
    return ((RunningStatistics) state.companions().get(Moco.KEY_STATISTICS)).batches();
  }

  @Test
  void shardsThatStepByThemselvesGiveTheBitsOfASingleOne() {
    try (Arena arena = Arena.ofShared();
        ParallelRanges ranges = new ParallelRanges(1);
        ParameterState single = ParameterState.whole(LAYOUT);
        ParameterState gathered = ParameterState.whole(LAYOUT)) {
      States.fill(single, 1);
      List<ParameterState> shards = new ArrayList<>();
      for (TensorLayout.Slice slice : LAYOUT.parameters().split(3)) {
        shards.add(new ParameterState(LAYOUT, slice, slice.from() == 0));
        shards.getLast().copyFrom(single);
      }
      MemorySegment gradient = Segments.random(arena, LAYOUT.parameters().size(), 77);
      single.update(RULE, gradient, ranges);
      for (ParameterState shard : shards) {
        shard.update(
            RULE, gradient.asSlice(shard.slice().from() * 4, shard.slice().length() * 4), ranges);
        shard.copyTo(gathered);
        shard.close();
      }
      assertSame(single, gathered);
    }
  }

  @Test
  void onlyAWholeStateOfTheSameLayoutTakesParts() {
    StateLayout other =
        new StateLayout(LAYOUT.parameters(), LAYOUT.buffers(), Moco.of(8, 3, 0.99f, 0.2f));
    try (ParameterState whole = ParameterState.whole(LAYOUT);
        ParameterState foreign = ParameterState.whole(other);
        ParameterState part =
            new ParameterState(LAYOUT, LAYOUT.parameters().split(2).get(1), false)) {
      assertThrows(IllegalArgumentException.class, () -> whole.copyTo(foreign));
      assertThrows(IllegalArgumentException.class, () -> whole.copyTo(part));
      assertEquals(List.of(), part.companions());
      assertThrows(
          IllegalArgumentException.class,
          () -> new ParameterState(LAYOUT, new TensorLayout.Slice(0, 1000), false));
    }
  }
}
