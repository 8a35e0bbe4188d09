package io.urrl.launch.local;

import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.local.Wanted.Node;
import io.urrl.launch.local.Wanted.Wish;
import java.util.List;
import java.util.Map;

/** Nodes for tests. */
final class Nodes {
  static final String BEGUN = "2026-01-01T00:00:00Z";

  /** One that should run; its port follows from its name. */
  static Node node(String name, String kind) {
    return new Node(
        name,
        NodeCounts.roles(kind),
        "127.0.0.1",
        1000 + Math.floorMod(name.hashCode(), 9000),
        Map.of(),
        Wish.RUN);
  }

  /** A cluster of some nodes that should run. */
  static Wanted wanted(Node... nodes) {
    return new Wanted(BEGUN, false, "", List.of(nodes));
  }

  /** How a node that was started fared. */
  static ClusterState.Node state(String name, ClusterState.Phase phase) {
    return new ClusterState.Node(name, phase, null, 0, BEGUN, "");
  }

  private Nodes() {}
}
