package io.urrl.launch.node;

import io.urrl.actors.stream.StreamSettings;
import io.urrl.gpu.worker.GpuWorker;
import io.urrl.launch.config.NodeRole;
import io.urrl.launch.config.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What runs on a node.
 *
 * @param name which the other nodes know it by; empty for one that has no others
 * @param roles that it plays
 * @param workers of those of its roles that serve whichever run comes
 * @param shards parameter shards that it holds for its run
 * @param membership in its cluster
 * @param samplesPerTask samples of a view task
 * @param viewTimeout after which views that have not come are made again, at the latest
 * @param tensorThreads intra-op threads of the tensor library
 * @param tensorIsa its instruction set, one of {@link io.urrl.gpu.nn.CpuInstructions#names}
 * @param stream the data plane
 */
public record NodeSettings(
    String name,
    Set<NodeRole> roles,
    List<WorkerRole> workers,
    int shards,
    Membership membership,
    int samplesPerTask,
    Duration viewTimeout,
    int tensorThreads,
    String tensorIsa,
    StreamSettings stream) {

  /** Copies roles and workers. */
  public NodeSettings {
    roles = Set.copyOf(roles);
    workers = List.copyOf(workers);
  }

  /** Smallest window at which Pekko's flow control keeps asking while a task is under way. */
  private static final int AUGMENT_WINDOW = 4;

  private static final int EVALUATION_WORKERS = 1;

  /** A node with all roles, from a run's settings, that has no others. */
  public static NodeSettings of(Settings settings) {
    return of("", NodeRole.all(), settings);
  }

  /** A node of a cluster. */
  public static NodeSettings of(String name, Set<NodeRole> roles, Settings settings) {
    Settings.Workers workers = settings.workers();
    return new NodeSettings(
        name,
        roles,
        workers(roles, workers, path -> settings.cluster().paths().on(names(settings), path)),
        roles.contains(NodeRole.PARAMETERS) ? workers.parameters() : 0,
        Membership.of(settings.cluster()),
        workers.samplesPerTask(),
        workers.viewTimeout(),
        workers.tensorThreads(),
        workers.tensorIsa(),
        settings.stream());
  }

  /** What this host is called: by itself, and by the cluster. */
  private static List<String> names(Settings settings) {
    String host = settings.cluster().host();
    try {
      return List.of(host, InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      return List.of(host);
    }
  }

  private static List<WorkerRole> workers(
      Set<NodeRole> roles, Settings.Workers workers, UnaryOperator<String> places) {
    List<WorkerRole> all = new ArrayList<>();
    if (roles.contains(NodeRole.AUGMENT)) {
      all.add(new AugmentRole(workers.augment(), AUGMENT_WINDOW, places));
    }
    if (roles.contains(NodeRole.GPU)) {
      all.add(new GpuRole(workers.gpu(), new GpuWorker.Settings(workers.prefetch())));
    }
    if (roles.contains(NodeRole.EVALUATE)) {
      all.add(new EvaluationRole(EVALUATION_WORKERS));
    }
    return all;
  }
}
