package io.urrl.launch.command;

import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.NodeProgram;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster a command is about. */
final class ClusterOptions {
  /** How nodes and who watches over them are started: by this command line. */
  static final NodeProgram PROGRAM = new NodeProgram(Main.class.getName());

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description =
          "Directory of the cluster's run (default: the newest run in runs/ that has a cluster).")
  private Path run;

  /** The cluster that is meant. */
  Cluster cluster() {
    return Cluster.find(run, PROGRAM);
  }
}
