package io.urrl.launch.local;

import java.util.List;
import java.util.Optional;

/**
 * What whoever supervises sees: {@code state.json} of a cluster. Of no use but to be read once
 * nobody supervises any more.
 *
 * @param supervisor the process that supervises
 * @param nodes one entry for each node that was started or is about to be
 * @param end how the cluster ended, null while it has not
 */
public record ClusterState(ProcessIdentity supervisor, List<Node> nodes, End end) {

  /** Where a node stands. */
  public enum Phase {
    /** It is about to be started, or started again after a pause. */
    WAITING,
    /** Its process lives. */
    RUNNING,
    /** Its process was told to leave. */
    DRAINING,
    /** It has left, or ended with the cluster. */
    GONE,
    /** It failed so often that it is not started again. */
    FAILED
  }

  /**
   * A node.
   *
   * @param process of the node; null when none was started yet
   * @param restarts how often it was started again
   * @param since when the phase began, in ISO 8601
   * @param text what was last said of it; empty for nothing
   */
  public record Node(
      String name, Phase phase, ProcessIdentity process, int restarts, String since, String text) {}

  /**
   * The end of a cluster.
   *
   * @param outcome done, stopped or failed
   * @param text for people
   * @param version that the run ended at, -1 when nobody said
   */
  public record End(String outcome, String text, long version) {
    static final String DONE = "done";
    static final String STOPPED = "stopped";
    static final String FAILED = "failed";

    /** Whether the run did not come to its end and was not asked to end. */
    public boolean failed() {
      return outcome.equals(FAILED);
    }

    /** Whether the run was trained to its end. */
    public boolean done() {
      return outcome.equals(DONE);
    }
  }

  /** Copies the nodes. */
  public ClusterState {
    nodes = nodes == null ? List.of() : List.copyOf(nodes);
  }

  /** Of a cluster that nobody has looked at. */
  static ClusterState none() {
    return new ClusterState(null, List.of(), null);
  }

  /** The node of a name. */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** Whether a process supervises. */
  public boolean supervised() {
    return supervisor != null && supervisor.isAlive();
  }

  /** Whether the process of any node lives. */
  public boolean anyAlive() {
    return nodes.stream().anyMatch(node -> node.process() != null && node.process().isAlive());
  }
}
