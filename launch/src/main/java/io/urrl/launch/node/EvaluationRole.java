package io.urrl.launch.node;

import io.urrl.gpu.worker.EvaluationWorker;
import io.urrl.launch.config.NodeRole;

/**
 * Does evaluation jobs.
 *
 * @param workers of which each does one at a time
 */
public record EvaluationRole(int workers) implements WorkerRole {
  @Override
  public String word() {
    return NodeRole.EVALUATE.word();
  }

  @Override
  public void begin(Room room) {
    for (int worker = 1; worker <= workers; worker++) {
      room.keep(
          "evaluation-worker-" + worker,
          () -> EvaluationWorker.create(room.streams(), room.runtime()));
    }
  }
}
