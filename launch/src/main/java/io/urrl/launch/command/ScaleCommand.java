package io.urrl.launch.command;

import io.urrl.launch.UserException;
import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Changes how many nodes a cluster has. */
@Command(
    name = "scale",
    description = "Adds nodes to a cluster that is up, or takes some away.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "New nodes get work as soon as they are up. Of too many, those with the highest numbers give",
      "back their work and leave. The results of the run are the same with any number.",
      "",
      "Examples:",
      "  urrl scale augment=6 gpu=2",
      "  urrl scale evaluate=0 --run runs/mine"
    })
public final class ScaleCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  @Mixin private ClusterOptions which;

  @Parameters(
      arity = "1..*",
      paramLabel = "KIND=N",
      description = "Nodes of a kind that there should be; other kinds stay as they are.")
  private List<String> counts;

  @Override
  public Integer call() throws InterruptedException {
    NodeCounts wanted = NodeCounts.parse(String.join(",", counts));
    Cluster cluster = which.cluster();
    boolean supervised = cluster.state().supervised();
    cluster.scale(wanted);
    boolean settled = cluster.await(Cluster::settled, LONGEST, System.out::println);
    System.out.println(
        cluster.nodes().stream()
            .filter(node -> node.isMember() && !node.state().equals("gone"))
            .collect(Collectors.groupingBy(NodeStatus::state, Collectors.counting()))
            .entrySet()
            .stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .sorted()
            .collect(Collectors.joining(", ", "nodes: ", "")));
    if (!supervised) {
      Unwatched.say(cluster);
    }
    if (!settled) {
      throw new UserException(
          "not all nodes have come or left within %d s; urrl ps --run %s shows how they fare"
              .formatted(LONGEST.toSeconds(), cluster.run()));
    }
    return 0;
  }
}
