package io.urrl.launch.command;

import io.urrl.launch.UserException;
import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsTable;
import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.ClusterState.End;
import io.urrl.launch.local.NodeStatus;
import io.urrl.launch.node.Node;
import io.urrl.launch.node.NodeSettings;
import io.urrl.launch.node.Pretraining;
import io.urrl.launch.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a cluster on this machine. */
@Command(
    name = "up",
    description = "Pre-trains in a cluster of processes on this machine, and watches over them.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = SettingsFlags.Run.class,
    footer = {
      "",
      "A node that ends is started again; one that fails at its start five times in a row is given",
      "up with its last lines. Every node has a log and a report below RUN/cluster/. Whoever",
      "watches is a process of its own: this command may be killed, and the run goes on.",
      "",
      "Ctrl-C, SIGTERM and SIGHUP ask for a checkpoint and take the cluster down; with --detach"
          + " the",
      "command returns as soon as all nodes are up.",
      "",
      "Examples:",
      "  urrl up",
      "  urrl up --nodes trainer=1,parameters=2,gpu=2,augment=3 --data cifar10 --width 64",
      "  urrl up --nodes trainer+parameters=1,gpu=1,augment=1 --no-evaluation",
      "  urrl up --detach --run runs/mine      then: urrl ps, urrl attach, urrl down",
      "  urrl up --run runs/mine --resume      go on after urrl down or a crash"
    })
public final class UpCommand implements Callable<Integer> {
  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  @Mixin private SettingsOptions options;

  @Mixin private RunOptions which;

  @Option(
      names = "--nodes",
      paramLabel = "KIND=N,...",
      description =
          "Nodes of each kind: trainer, parameters, gpu, augment, evaluate, or several roles of one"
              + " node joined by + (launch.nodes; default:"
              + " trainer=1,parameters=1,gpu=1,augment=2,evaluate=1).")
  private String nodes;

  @Option(names = "--detach", description = "Return when all nodes are up.")
  private boolean detach;

  @Override
  public Integer call() throws IOException, InterruptedException {
    StopSignals signals = StopSignals.listen();
    RunOptions.Asked asked = which.asked(options);
    NodeCounts counts =
        (nodes == null
                ? SettingsTable.LAUNCH_NODES.of(asked.settings().config())
                : NodeCounts.parse(nodes))
            .requireWhole();
    Path path = asked.path();
    Cluster.requireNone(path);
    Settings settings = Cluster.fitted(asked.settings().onThisMachine(), counts);
    FinalEvaluation evaluation = which.evaluation(settings);
    asked.setAside();
    try (RunDirectory directory =
        Pretraining.describe(settings, path, asked.resume(), UpCommand::say)) {
      System.out.println("run directory " + directory.path());
    }
    Cluster cluster =
        Cluster.begin(
            path,
            counts,
            settings,
            own(),
            settings.stream().directory().isEmpty(),
            ClusterOptions.PROGRAM);
    if (detach) {
      return detached(cluster);
    }
    try (ClusterConsole console = new ClusterConsole(cluster)) {
      signals.stopBy("asking for a checkpoint, then the cluster ends", cluster::stop);
      Optional<End> end = console.show();
      signals.over("the cluster has ended and the run's last checkpoint is whole");
      return finish(end.orElseThrow(), path, evaluation, settings);
    }
  }

  /** One worker on a GPU or augment node, unless somebody said how many. */
  private Map<String, Map<String, String>> own() {
    return Map.of("gpu", one("workers.gpu"), "augment", one("workers.augment"));
  }

  private Map<String, String> one(String key) {
    return options.mentions(SettingsFlags.RUN, key) ? Map.of() : Map.of(key, "1");
  }

  private static void say(String text) {
    System.out.println(text);
  }

  private static int detached(Cluster cluster) throws IOException, InterruptedException {
    cluster.watched();
    boolean settled = cluster.await(Cluster::settled, LONGEST_START, System.out::println);
    End end = cluster.state().end();
    if (end != null) {
      throw new UserException("the cluster has ended: " + end.text());
    }
    List<NodeStatus> all = cluster.nodes();
    List<NodeStatus> members = all.stream().filter(NodeStatus::isMember).toList();
    List<String> failed =
        all.stream().filter(node -> node.state().equals("failed")).map(NodeStatus::name).toList();
    if (!failed.isEmpty()) {
      String first = failed.getFirst();
      throw new UserException(
          "%s failed at its start: %s (all of it: urrl logs %s --run %s); the other nodes go on, end them with: urrl down --run %s"
              .formatted(
                  String.join(", ", failed),
                  String.join("; ", cluster.lastLines(first)),
                  first,
                  cluster.run(),
                  cluster.run()));
    }
    System.out.println(
        settled
            ? "%d nodes are up".formatted(members.size())
            : "%d of %d nodes are up so far"
                .formatted(members.stream().filter(NodeStatus::isUp).count(), members.size()));
    for (String command : List.of("attach", "ps", "logs -f", "down")) {
      System.out.println("  urrl %s --run %s".formatted(command, cluster.run()));
    }
    return 0;
  }

  private static int finish(End end, Path path, FinalEvaluation evaluation, Settings settings) {
    ClusterEnd.say(end, path);
    if (end.done() && evaluation.isDue(end.version(), path, System.out::println)) {
      try (Node node = Node.start(NodeSettings.of(settings), settings.config())) {
        evaluation.run(node, end.version(), path, PretrainCommand.meter(), System.out::println);
      }
    }
    return 0;
  }
}
