package io.urrl.launch.local;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.urrl.launch.config.NodeCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What should run: {@code wanted.json} of a cluster.
 *
 * @param begun when the cluster was started, in ISO 8601
 * @param stopped whether the run should end with a checkpoint, and then the cluster
 * @param ordered when somebody last ordered other numbers of nodes, in ISO 8601; empty for never
 * @param nodes all nodes, those that should leave included
 */
public record Wanted(String begun, boolean stopped, String ordered, List<Node> nodes) {

  /** The setting that names the directory of a media driver. */
  static final String DRIVER_DIRECTORY = "stream.aeron-directory";

  /** What should become of a node. */
  public enum Wish {
    /** It should work, and be started again when it ends. */
    RUN,
    /** It should give back its work and leave, and not be started again. */
    DRAIN
  }

  /**
   * A node, or the media driver that all nodes share.
   *
   * @param name of the node, its kind and a number
   * @param roles that it plays; none for the media driver
   * @param host that it binds
   * @param port that it binds; kept when it is started again, so that the cluster knows at once
   *     that the process before is gone
   * @param set settings of its own
   */
  public record Node(
      String name, List<String> roles, String host, int port, Map<String, String> set, Wish wish) {

    /** Copies roles and settings. */
    public Node {
      roles = List.copyOf(roles);
      set = Map.copyOf(set);
    }

    /** The kind of node by its roles. */
    @JsonIgnore
    public String kind() {
      return NodeCounts.kind(roles);
    }

    /** Whether it is the media driver. */
    @JsonIgnore
    public boolean isDriver() {
      return roles.isEmpty();
    }

    /** Directory of the media driver. */
    @JsonIgnore
    Path driverDirectory() {
      return Path.of(set.get(DRIVER_DIRECTORY));
    }

    /** Where the others of the cluster reach it. */
    @JsonIgnore
    public String address() {
      return host + ":" + port;
    }

    /** Whether it should work. */
    @JsonIgnore
    public boolean runs() {
      return wish == Wish.RUN;
    }

    /** The same node with another wish. */
    public Node with(Wish other) {
      return new Node(name, roles, host, port, set, other);
    }

    /** The same node at another port. */
    public Node at(int other) {
      return new Node(name, roles, host, other, set, wish);
    }
  }

  /** Copies the nodes. */
  public Wanted {
    ordered = ordered == null ? "" : ordered;
    nodes = List.copyOf(nodes);
  }

  /** A media driver at a directory, which all nodes share. */
  static Node driver(Path directory, String host) {
    return new Node(
        "driver", List.of(), host, 0, Map.of(DRIVER_DIRECTORY, directory.toString()), Wish.RUN);
  }

  /** The node of a name. */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** The same with other nodes. */
  public Wanted with(List<Node> others) {
    return new Wanted(begun, stopped, ordered, others);
  }

  /** The same with one node changed. */
  Wanted with(String name, UnaryOperator<Node> change) {
    return with(
        nodes.stream().map(node -> node.name().equals(name) ? change.apply(node) : node).toList());
  }

  /** The same, to be ended. */
  public Wanted stop() {
    return new Wanted(begun, true, ordered, nodes);
  }

  /** The same, as somebody orders it now. */
  Wanted orderedAt(Instant now) {
    return new Wanted(begun, stopped, now.toString(), nodes);
  }

  /** Whether somebody ordered other numbers of nodes not long ago. */
  boolean orderedWithin(Duration time, Instant now) {
    return !ordered.isEmpty() && Instant.parse(ordered).plus(time).isAfter(now);
  }

  /** Nodes of a kind that should work. */
  List<Node> running(String kind) {
    return nodes.stream().filter(node -> node.runs() && node.kind().equals(kind)).toList();
  }

  /** Nodes that should work and play a role. */
  public long playing(String role) {
    return nodes.stream().filter(node -> node.runs() && node.roles().contains(role)).count();
  }
}
