package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.StateDigests;
import io.urrl.parameters.StateLayout;
import io.urrl.parameters.States;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
  private static final StateLayout LAYOUT =
      new StateLayout(
          TensorLayout.builder().add("w", 300).build(),
          TensorLayout.builder().add("bn.running_mean", 2).add("bn.running_var", 2).build(),
          Moco.of(4, 3, 0.99f, 0.2f));

  private final AtomicInteger allocated = new AtomicInteger();
  private final ParameterState state = ParameterState.whole(LAYOUT);
  private final Snapshots snapshots =
      new Snapshots(
          () -> {
            allocated.incrementAndGet();
            return ParameterState.whole(LAYOUT);
          });

  @AfterEach
  void close() {
    snapshots.close();
    state.close();
  }

  private void keep(long version) {
    States.fill(state, version);
    snapshots.keep(state, StateDigests.of(state));
  }

  @Test
  void whatIsBeingWrittenIsNotChanged() {
    keep(1);
    Snapshots.Snapshot writing = snapshots.take(1).orElseThrow();
    keep(2);
    keep(3);
    assertEquals(1, writing.state().version());
    assertEquals(writing.digests(), StateDigests.of(writing.state()));
    Snapshots.Snapshot other = snapshots.take(3).orElseThrow();
    assertEquals(other.digests(), StateDigests.of(other.state()));
  }

  @Test
  void onlyTheNewestWaits() {
    keep(1);
    keep(2);
    assertTrue(snapshots.take(1).isEmpty());
    assertEquals(2, snapshots.take(2).orElseThrow().state().version());
    assertTrue(snapshots.take(2).isEmpty());
  }

  @Test
  void memoryIsUsedAgain() {
    for (long version = 1; version < 9; version++) {
      keep(version);
      snapshots.giveBack(snapshots.take(version).orElseThrow());
    }
    assertEquals(1, allocated.get());
  }
}
