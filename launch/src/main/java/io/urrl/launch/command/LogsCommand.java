package io.urrl.launch.command;

import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.ClusterDirectory;
import io.urrl.launch.local.LineTail;
import io.urrl.launch.local.NodeLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what nodes printed. */
@Command(
    name = "logs",
    description = "Shows what the nodes of a cluster printed, or one of them.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Without a node every line begins with the name of the one that printed it. The node",
      "'supervisor' is whoever watches over the others. A line of dashes with time and name",
      "stands where a node was started.",
      "",
      "Examples:",
      "  urrl logs",
      "  urrl logs gpu-2 -f",
      "  urrl logs supervisor --run runs/mine"
    })
public final class LogsCommand implements Callable<Integer> {
  private static final long PAUSE_MILLIS = 200;

  @Mixin private ClusterOptions which;

  @Parameters(
      arity = "0..1",
      paramLabel = "NODE",
      description = "Name of a node, as urrl ps shows it (default: all).")
  private String node;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is printed from now on, until the cluster ends.")
  private boolean follow;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Cluster cluster = which.cluster();
    if (node != null && !node.equals(ClusterDirectory.SUPERVISOR)) {
      cluster.requireNode(node);
    }
    Semaphore never = new Semaphore(0);
    Map<String, LineTail> tails = new LinkedHashMap<>();
    boolean more = true;
    while (more) {
      more = follow && cluster.state().end() == null;
      for (String name : names(cluster)) {
        LineTail tail =
            tails.computeIfAbsent(name, any -> new LineTail(cluster.directory().logFile(any)));
        print(name, tail);
      }
      more &= !never.tryAcquire(more ? PAUSE_MILLIS : 0, TimeUnit.MILLISECONDS);
    }
    for (LineTail tail : tails.values()) {
      tail.close();
    }
    return 0;
  }

  /** Those that are shown; there may be more after a while. */
  private List<String> names(Cluster cluster) {
    if (node != null) {
      return List.of(node);
    }
    List<String> names = new ArrayList<>(List.of(ClusterDirectory.SUPERVISOR));
    cluster.nodes().forEach(one -> names.add(one.name()));
    return names;
  }

  private void print(String name, LineTail tail) throws IOException {
    for (Optional<String> line = tail.next(); line.isPresent(); line = tail.next()) {
      line.filter(NodeLog::speaks)
          .ifPresent(text -> System.out.println(node == null ? name + ": " + text : text));
    }
  }
}
