package io.urrl.launch.command;

import com.typesafe.config.ConfigFactory;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.stream.StreamSettings;
import io.urrl.launch.UsageException;
import io.urrl.launch.config.NodeRole;
import io.urrl.launch.config.Settings;
import io.urrl.launch.node.ClusterNode;
import io.urrl.launch.report.ConsoleView;
import io.urrl.launch.report.Terminal;
import io.urrl.launch.run.RunView;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one node of a cluster. */
@Command(
    name = "node",
    description = "Joins a cluster with some roles and works until it is told to leave.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = SettingsFlags.Node.class,
    footer = {
      "",
      "Roles: trainer (may hold the trainer, the record and the view supply, of which the cluster",
      "has one each), parameters (parameter shards), gpu, augment, evaluate. Nodes of trainer and",
      "parameters need --run, a directory that all of them see.",
      "",
      "The first node of --join begins a cluster where there is none; all others wait for it. A",
      "node that comes later gets work within seconds.",
      "",
      "SIGTERM drains the node: its work goes to others and it leaves, with exit code 0. A second",
      "signal ends it at once. Exit code 75: the node was put out of its cluster, or found none;",
      "start it again.",
      "",
      "Examples:",
      "  urrl node --roles trainer,parameters --run /shared/runs/mine --host 10.0.0.1 --port 7355"
          + " \\\\",
      "      --join 10.0.0.1:7355,10.0.0.2:7355 --set cluster.unsafe-bind=true",
      "  urrl node --roles gpu --host 10.0.0.3 --join 10.0.0.1:7355,10.0.0.2:7355",
      "  urrl node --roles augment --augment-workers 16 --join 10.0.0.1:7355,10.0.0.2:7355"
    })
public final class NodeCommand implements Callable<Integer> {
  /** EX_TEMPFAIL of sysexits.h: another attempt may go well. */
  private static final int AGAIN = 75;

  @Mixin private SettingsOptions options;

  @Option(
      names = "--roles",
      required = true,
      paramLabel = "ROLES",
      description = "What it may do: some of trainer,parameters,gpu,augment,evaluate.")
  private String roles;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the others call it (default: roles, host and process).")
  private String name;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "Directory of the run, for trainer and parameters (default: none).")
  private Path run;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Keep a line of JSON there that says how the node stands (default: none).")
  private Path report;

  @Option(
      names = "--supervised",
      description = "Ignore SIGINT and SIGHUP: whoever started the node answers for them.")
  private boolean supervised;

  @Override
  public Integer call() {
    StopSignals signals = supervised ? StopSignals.listenToTermAlone() : StopSignals.listen();
    Set<NodeRole> played = NodeRole.set(roles);
    boolean needsRun = played.stream().anyMatch(NodeRole::needsRun);
    if (needsRun && run == null) {
      throw new UsageException("trainer and parameters need the run's directory: give --run DIR");
    }
    Settings settings = options.settings(SettingsFlags.NODE, ConfigFactory.empty());
    warn(settings);
    ClusterNode.Plan plan =
        new ClusterNode.Plan(
            name == null ? standardName(settings) : name, played, settings, run, report);
    try (ClusterNode node = ClusterNode.start(plan, NodeCommand::view, NodeCommand::tell)) {
      System.out.println(
          "node %s (%s) at %s"
              .formatted(
                  plan.name(),
                  played.stream().map(NodeRole::word).collect(Collectors.joining(", ")),
                  node.address()));
      signals.stopBy("draining: work goes to others, then the node leaves", node::drain);
      var _ = node.outcome().thenAccept(NodeCommand::say);
      String lost = node.end().join();
      if (lost.isEmpty()) {
        System.out.println("node " + plan.name() + " has left");
        return 0;
      }
      System.err.println("urrl: " + lost + "; start it again");
      return AGAIN;
    }
  }

  private static RunView view(RunBrief brief) {
    return new ConsoleView(System.out, Terminal.isLive(), brief.plan().globalBatch());
  }

  private static void tell(String line) {
    System.out.println(line);
  }

  private static void say(RunNews.Outcome outcome) {
    System.out.println(
        switch (outcome) {
          case RunNews.Outcome.Done done when done.stopped() ->
              "the run has stopped at step %d".formatted(done.version());
          case RunNews.Outcome.Done done -> "the run is over: %d steps".formatted(done.version());
          case RunNews.Outcome.Broken broken -> "the run has failed: " + broken.text();
        });
  }

  private String standardName(Settings settings) {
    return "%s-%s-%d"
        .formatted(
            roles.replace(',', '+').replace(" ", ""),
            settings.cluster().host(),
            ProcessHandle.current().pid());
  }

  private static void warn(Settings settings) {
    String host = settings.cluster().host();
    if (!StreamSettings.isLoopback(host)) {
      System.err.println(
          "urrl: warning: %s is reached from other machines, and nothing is encrypted or authenticated (cluster.unsafe-bind)"
              .formatted(host));
    }
  }
}
