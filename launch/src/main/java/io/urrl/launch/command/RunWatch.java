package io.urrl.launch.command;

import io.urrl.launch.config.Settings;
import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.NodeStatus;
import io.urrl.launch.node.Node;
import io.urrl.launch.node.NodeSettings;
import io.urrl.launch.run.RunView;
import java.util.Set;
import java.util.stream.Collectors;

/** Shows the run of a cluster, by a member that plays no role. */
final class RunWatch implements AutoCloseable {
  private final Node node;
  private volatile boolean over;

  private RunWatch(Settings settings, RunView view) {
    node = Node.start(NodeSettings.of("watch", Set.of(), settings), settings.config());
    node.lost().thenRun(() -> over = true);
    var _ = node.watch(node.run(), view).thenRun(() -> over = true);
  }

  /** Joins a cluster by its nodes that are up. */
  static RunWatch start(Cluster cluster, RunView view) {
    String seeds =
        cluster.nodes().stream()
            .filter(node -> node.isMember() && node.isUp())
            .map(NodeStatus::address)
            .collect(Collectors.joining(","));
    return new RunWatch(cluster.settings(seeds), view);
  }

  /** Whether nothing more comes: the run is over, or this member is one no longer. */
  boolean isOver() {
    return over;
  }

  @Override
  public void close() {
    node.close();
  }
}
