package io.urrl.launch.node;

import io.urrl.gpu.pretext.TorchEngine;
import io.urrl.gpu.worker.GpuWorker;
import io.urrl.launch.config.NodeRole;
import java.util.concurrent.ForkJoinPool;

/**
 * Computes micro-batches.
 *
 * @param workers one a device
 * @param settings how they work
 */
public record GpuRole(int workers, GpuWorker.Settings settings) implements WorkerRole {
  @Override
  public String word() {
    return NodeRole.GPU.word();
  }

  @Override
  public void begin(Room room) {
    for (int worker = 1; worker <= workers; worker++) {
      GpuWorker.Means means =
          new GpuWorker.Means(
              settings,
              room.streams(),
              new TorchEngine(room.runtime().ofWorker(worker - 1)),
              ForkJoinPool.commonPool(),
              System::nanoTime);
      room.keep("gpu-worker-" + worker, () -> GpuWorker.create(means));
    }
  }
}
