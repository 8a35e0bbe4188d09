package io.urrl.parameters.checkpoint;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.parameters.StateLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** A small network's layout for tests. */
final class Checkpoints {
  static final StateLayout LAYOUT =
      new StateLayout(
          TensorLayout.builder()
              .add("conv1.weight", 4, 3, 3, 3)
              .add("bn1.weight", 4)
              .add("bn1.bias", 4)
              .add("fc.weight", 5, 4)
              .add("fc.bias", 5)
              .build(),
          TensorLayout.builder().add("bn1.running_mean", 4).add("bn1.running_var", 4).build(),
          Moco.of(7, 3, 0.99f, 0.2f));

  /** Of a term that nobody follows. */
  static final CheckpointStore.Writer WRITER = new CheckpointStore.Writer(1, () -> 1);

  private Checkpoints() {}

  static CheckpointState state(long step) {
    Map<String, String> plan = new LinkedHashMap<>();
    plan.put("seed", "1");
    plan.put("batch", "256");
    return new CheckpointState(step, step, "resnet tiny", "urrl test", plan);
  }
}
