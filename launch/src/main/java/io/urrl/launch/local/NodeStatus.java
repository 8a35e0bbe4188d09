package io.urrl.launch.local;

import io.urrl.launch.local.ClusterState.Phase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a node fares, from what is wanted, what whoever supervises saw, what the node says of itself
 * and whether its process lives.
 *
 * @param state starting, joining, up or leaving while its process lives; waiting (to be started
 *     again), failed (given up), gone (it left) or dead (nobody watches) otherwise
 * @param host name of the machine
 * @param pid of its process, empty while it has none
 * @param address where the others of the cluster reach it; empty for the media driver
 * @param workers of each kind that it has
 * @param restarts how often it was started again
 * @param since when the state began, in ISO 8601; empty when that is not known
 * @param text what was last said of it, empty for nothing
 */
public record NodeStatus(
    String name,
    List<String> roles,
    String state,
    String host,
    Optional<Long> pid,
    String address,
    Map<String, Integer> workers,
    int restarts,
    String since,
    String text) {

  /** Copies roles and workers. */
  public NodeStatus {
    roles = List.copyOf(roles);
    workers = Map.copyOf(workers);
  }

  static NodeStatus of(
      Wanted.Node node,
      Optional<ClusterState.Node> seen,
      Optional<NodeReport> report,
      String here) {
    Optional<ProcessIdentity> living =
        seen.map(ClusterState.Node::process).filter(ProcessIdentity::isAlive);
    Optional<NodeReport> said = report.filter(any -> living.isPresent());
    Phase phase = seen.map(ClusterState.Node::phase).orElse(Phase.WAITING);
    return new NodeStatus(
        node.name(),
        node.roles(),
        living.isPresent() ? stateOfLiving(phase, said) : stateOfDead(phase),
        said.map(NodeReport::host).orElse(here),
        living.map(ProcessIdentity::pid),
        node.isDriver() ? "" : node.address(),
        said.<Map<String, Integer>>map(one -> new TreeMap<>(one.workers())).orElse(Map.of()),
        seen.map(ClusterState.Node::restarts).orElse(0),
        said.map(NodeReport::since).or(() -> seen.map(ClusterState.Node::since)).orElse(""),
        seen.map(ClusterState.Node::text).orElse(""));
  }

  private static String stateOfLiving(Phase phase, Optional<NodeReport> said) {
    return phase == Phase.DRAINING ? "leaving" : said.map(NodeReport::state).orElse("starting");
  }

  private static String stateOfDead(Phase phase) {
    return switch (phase) {
      case WAITING -> "waiting";
      case RUNNING, DRAINING -> "dead";
      case GONE -> "gone";
      case FAILED -> "failed";
    };
  }

  /** Whether it is to be a member of the cluster; the media driver is not. */
  public boolean isMember() {
    return !roles.isEmpty();
  }

  /** Whether it is a member of the cluster. */
  public boolean isUp() {
    return state.equals("up");
  }
}
