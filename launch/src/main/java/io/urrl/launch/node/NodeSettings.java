package io.urrl.launch.node;

import io.urrl.actors.stream.StreamSettings;
import io.urrl.gpu.worker.GpuWorker;
import io.urrl.launch.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * What runs on a node.
 *
 * @param name name of the actor system, the same on every node of a cluster
 * @param roles that the node plays
 * @param samplesPerTask samples of a view task
 * @param viewTimeout after which views that have not come are made again, at the latest
 * @param tensorThreads intra-op threads of the tensor library
 * @param tensorIsa its instruction set, one of {@link io.urrl.gpu.nn.CpuInstructions#names}
 * @param stream the data plane
 */
public record NodeSettings(
    String name,
    List<WorkerRole> roles,
    int samplesPerTask,
    Duration viewTimeout,
    int tensorThreads,
    String tensorIsa,
    StreamSettings stream) {

  /** Copies the roles. */
  public NodeSettings {
    roles = List.copyOf(roles);
  }

  /** Smallest window at which Pekko's flow control keeps asking while a task is under way. */
  private static final int AUGMENT_WINDOW = 4;

  private static final int EVALUATION_WORKERS = 1;

  /** A node with all roles, from a run's settings. */
  public static NodeSettings of(Settings settings) {
    Settings.Workers workers = settings.workers();
    return new NodeSettings(
        "urrl",
        List.of(
            new AugmentRole(workers.augment(), AUGMENT_WINDOW),
            new GpuRole(workers.gpu(), new GpuWorker.Settings(workers.prefetch())),
            new EvaluationRole(EVALUATION_WORKERS)),
        workers.samplesPerTask(),
        workers.viewTimeout(),
        workers.tensorThreads(),
        workers.tensorIsa(),
        settings.stream());
  }
}
