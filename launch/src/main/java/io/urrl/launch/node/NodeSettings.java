package io.urrl.launch.node;

import io.urrl.actors.stream.StreamSettings;
import io.urrl.gpu.worker.GpuWorker;
import io.urrl.launch.config.Settings;
import java.time.Duration;

/**
 * What runs on a node.
 *
 * @param name name of the actor system, the same on every node of a cluster
 * @param gpuWorkers GPU workers, one a device
 * @param gpuWorker how they work
 * @param augmentWorkers augment workers, one a core
 * @param augmentWindow tasks that an augment worker asks for at a time
 * @param samplesPerTask samples of a view task
 * @param viewTimeout after which views that have not come are made again, at the latest
 * @param evaluationWorkers evaluation workers
 * @param tensorThreads intra-op threads of the tensor library
 * @param tensorIsa its instruction set, one of {@link io.urrl.gpu.nn.CpuInstructions#names}
 * @param stream the data plane
 */
public record NodeSettings(
    String name,
    int gpuWorkers,
    GpuWorker.Settings gpuWorker,
    int augmentWorkers,
    int augmentWindow,
    int samplesPerTask,
    Duration viewTimeout,
    int evaluationWorkers,
    int tensorThreads,
    String tensorIsa,
    StreamSettings stream) {

  /** Smallest window at which Pekko's flow control keeps asking while a task is under way. */
  private static final int AUGMENT_WINDOW = 4;

  /** A node with all roles, from a run's settings. */
  public static NodeSettings of(Settings settings) {
    Settings.Workers workers = settings.workers();
    return new NodeSettings(
        "urrl",
        workers.gpu(),
        new GpuWorker.Settings(workers.prefetch()),
        workers.augment(),
        AUGMENT_WINDOW,
        workers.samplesPerTask(),
        workers.viewTimeout(),
        1,
        workers.tensorThreads(),
        workers.tensorIsa(),
        settings.stream());
  }
}
