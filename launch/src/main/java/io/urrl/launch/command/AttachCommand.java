package io.urrl.launch.command;

import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.ClusterState.End;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Comes back to a cluster. */
@Command(
    name = "attach",
    description = "Shows the run of a cluster that is up, as the command did that started it.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Where nobody watches over the nodes any more, since whoever did was killed, a process that",
      "does is started; it finds the nodes that live and starts again those that do not.",
      "",
      "Ctrl-C leaves the cluster as it is; urrl down ends it. Of one that has ended the end is"
          + " said.",
      "",
      "Examples:",
      "  urrl attach",
      "  urrl attach --run runs/mine"
    })
public final class AttachCommand implements Callable<Integer> {

  @Mixin private ClusterOptions which;

  @Override
  public Integer call() throws IOException, InterruptedException {
    StopSignals signals = StopSignals.listen();
    Cluster cluster = which.cluster();
    System.out.println("run directory " + cluster.run());
    try (ClusterConsole console = new ClusterConsole(cluster)) {
      signals.stopBy("the cluster goes on; end it with: urrl down", console::leave);
      Optional<End> end = console.show();
      signals.over("the cluster goes on");
      end.ifPresent(how -> ClusterEnd.say(how, cluster.run()));
    }
    return 0;
  }
}
