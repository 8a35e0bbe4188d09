package io.urrl.launch.local;

import io.urrl.launch.ThisJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How nodes, and who watches over them, are started: by this process's Java with its flags, class
 * path and environment.
 *
 * @param main name of the class of the command line
 */
public record NodeProgram(String main) {
  /** Roles that open the run's directory. */
  private static final List<String> OF_THE_RUN = List.of("trainer", "parameters", "evaluate");

  /**
   * The command of a node.
   *
   * @param seeds addresses that it joins by
   */
  List<String> node(ClusterDirectory cluster, Wanted.Node node, List<String> seeds) {
    if (node.isDriver()) {
      return ThisJvm.command(
          main, List.of("driver", mark(cluster, node), "--config=" + absolute(cluster.settings())));
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "node",
                "--supervised",
                "--name=" + node.name(),
                "--roles=" + String.join(",", node.roles()),
                "--host=" + node.host(),
                "--port=" + node.port(),
                "--join=" + String.join(",", seeds),
                "--config=" + absolute(cluster.settings()),
                mark(cluster, node)));
    if (node.roles().stream().anyMatch(OF_THE_RUN::contains)) {
      arguments.add("--run=" + absolute(cluster.run()));
    }
    for (Map.Entry<String, String> setting : new TreeMap<>(node.set()).entrySet()) {
      arguments.add("--set=" + setting.getKey() + "=" + setting.getValue());
    }
    return ThisJvm.command(main, arguments);
  }

  /** The argument that a node of a cluster, and no other process, has. */
  static String mark(ClusterDirectory cluster, Wanted.Node node) {
    return node.isDriver()
        ? "--dir=" + node.driverDirectory()
        : "--report=" + absolute(cluster.report(node.name()));
  }

  /** The command of who watches over a cluster. */
  List<String> supervisor(ClusterDirectory cluster) {
    return ThisJvm.command(main, List.of("supervise", "--run=" + absolute(cluster.run())));
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
