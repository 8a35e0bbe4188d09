package io.urrl.launch.local;

import io.urrl.launch.NearestWords;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.local.ClusterState.Phase;
import io.urrl.launch.local.Wanted.Node;
import io.urrl.launch.local.Wanted.Wish;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Changes how many nodes are wanted. Pure. */
final class Scaling {
  /** Roles without which a run cannot go on for a moment. */
  private static final List<String> LASTING = List.of("trainer", "parameters");

  /**
   * What is wanted with other numbers of nodes. More nodes of a kind have the lowest numbers that
   * are free; of too many those with the highest numbers leave.
   *
   * @param counts nodes of each kind that is to change
   * @param state of the cluster: the names of nodes that are gone are free again
   * @param fresh makes a node of a name and a kind
   * @throws UserException when the run could not go on with so few
   */
  static Wanted scaled(Wanted wanted, NodeCounts counts, ClusterState state, Fresh fresh) {
    List<Node> nodes = new ArrayList<>(wanted.nodes());
    nodes.removeIf(node -> !node.runs() && isGone(node, state));
    for (Map.Entry<String, Integer> entry : counts.counts().entrySet()) {
      scale(nodes, entry.getKey(), entry.getValue(), fresh);
    }
    Wanted scaled = wanted.with(nodes);
    LASTING.forEach(role -> requireAny(scaled, role));
    return scaled;
  }

  /** Makes nodes. */
  @FunctionalInterface
  interface Fresh {
    /** A node of a name and a kind, to run. */
    Node node(String name, String kind);
  }

  private static boolean isGone(Node node, ClusterState state) {
    return state.node(node.name()).map(one -> one.phase() == Phase.GONE).orElse(false);
  }

  private static void scale(List<Node> nodes, String kind, int count, Fresh fresh) {
    List<Node> running =
        nodes.stream()
            .filter(node -> node.runs() && node.kind().equals(kind))
            .sorted(Comparator.comparingInt(Scaling::number))
            .toList();
    for (Node node : running.subList(Math.min(count, running.size()), running.size())) {
      nodes.set(nodes.indexOf(node), node.with(Wish.DRAIN));
    }
    List<String> names = nodes.stream().map(Node::name).collect(Collectors.toList());
    int number = 1;
    for (int more = running.size(); more < count; more++) {
      while (names.contains(kind + "-" + number)) {
        number++;
      }
      names.add(kind + "-" + number);
      nodes.add(fresh.node(names.getLast(), kind));
    }
  }

  private static int number(Node node) {
    return Integer.parseInt(node.name().substring(node.name().lastIndexOf('-') + 1));
  }

  private static void requireAny(Wanted wanted, String role) {
    if (wanted.playing(role) == 0) {
      throw new UserException(
          "no node would play the role %s, and the run could not go on; end it with: urrl down"
              .formatted(role));
    }
  }

  /**
   * What is wanted without a node.
   *
   * @throws UserException when there is no such node, or the run could not go on without it
   */
  static Wanted drained(Wanted wanted, String name) {
    Node node = named(wanted, name);
    if (node.isDriver()) {
      throw new UserException(
          "all nodes send and receive by the media driver; it ends with the cluster: urrl down");
    }
    Wanted drained = wanted.with(name, one -> one.with(Wish.DRAIN));
    node.roles().stream().filter(LASTING::contains).forEach(role -> requireAny(drained, role));
    return drained;
  }

  /**
   * The node of a name.
   *
   * @throws UsageException when there is none, with the one that may be meant
   */
  static Node named(Wanted wanted, String name) {
    List<String> names = wanted.nodes().stream().map(Node::name).toList();
    return wanted
        .node(name)
        .orElseThrow(
            () ->
                new UsageException(
                    "node '%s' is unknown: there are %s%s"
                        .formatted(
                            name,
                            String.join(", ", names),
                            NearestWords.question(
                                NearestWords.of(name, names).stream().toList()))));
  }

  private Scaling() {}
}
