package io.urrl.launch.command;

import io.urrl.launch.UserException;
import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.ClusterState.End;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a cluster. */
@Command(
    name = "down",
    description = "Asks the run of a cluster for a checkpoint and ends all nodes.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "The step under way is finished and a checkpoint written, for which there is a minute; then",
      "all nodes leave, and whatever has not left after 20 s is ended.",
      "",
      "Examples:",
      "  urrl down",
      "  urrl down --run runs/mine"
    })
public final class DownCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  @Mixin private ClusterOptions which;

  @Override
  public Integer call() throws InterruptedException {
    Cluster cluster = which.cluster();
    End before = cluster.state().end();
    if (before != null && !cluster.state().anyAlive()) {
      System.out.println("the cluster of run %s has ended already".formatted(cluster.run()));
      return 0;
    }
    cluster.stop();
    System.out.println("asking run %s for a checkpoint".formatted(cluster.run()));
    if (!cluster.await(any -> any.state().end() != null, LONGEST, System.out::println)) {
      throw new UserException(
          "the cluster has not ended within %d s; urrl ps --run %s shows what is left"
              .formatted(LONGEST.toSeconds(), cluster.run()));
    }
    ClusterEnd.say(cluster.state().end(), cluster.run());
    return 0;
  }
}
