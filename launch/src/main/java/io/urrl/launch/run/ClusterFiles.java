package io.urrl.launch.run;

/**
 * Names in a run's directory by which whoever launched a cluster and the nodes that may hold its
 * trainer meet without a connection.
 */
public final class ClusterFiles {
  /** Where everything about a run's cluster lies. */
  public static final String DIRECTORY = "cluster";

  /** Asks, in that directory, for a checkpoint and the end of the run while it is there. */
  public static final String STOP = "stop";

  /** Says, in that directory, how the run ended. */
  public static final String OVER = "over.json";

  private ClusterFiles() {}
}
