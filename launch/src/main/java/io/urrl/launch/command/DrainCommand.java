package io.urrl.launch.command;

import io.urrl.launch.UserException;
import io.urrl.launch.local.Cluster;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sends a node away. */
@Command(
    name = "drain",
    description = "Lets a node give back its work and leave its cluster for good.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "The node is not started again; urrl scale brings another one in its place. One that has not",
      "left after a minute is ended.",
      "",
      "Examples:",
      "  urrl drain gpu-2",
      "  urrl drain augment-1 --run runs/mine"
    })
public final class DrainCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofSeconds(90);

  @Mixin private ClusterOptions which;

  @Parameters(paramLabel = "NODE", description = "Name of the node, as urrl ps shows it.")
  private String node;

  @Override
  public Integer call() throws InterruptedException {
    Cluster cluster = which.cluster();
    boolean supervised = cluster.state().supervised();
    cluster.drain(node);
    boolean gone = cluster.await(any -> any.isGone(node), LONGEST, System.out::println);
    if (!gone) {
      throw new UserException(
          "%s has not left within %d s; urrl logs %s --run %s shows what it does"
              .formatted(node, LONGEST.toSeconds(), node, cluster.run()));
    }
    System.out.println(node + " has left");
    if (!supervised) {
      Unwatched.say(cluster);
    }
    return 0;
  }
}
