package io.urrl.launch.command;

import com.typesafe.config.ConfigFactory;
import io.urrl.actors.files.FileFailure;
import io.urrl.launch.NearestWords;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import io.urrl.launch.command.chaos.Chaos;
import io.urrl.launch.command.chaos.ChaosOptions;
import io.urrl.launch.command.chaos.ChaosReport;
import io.urrl.launch.command.chaos.Fault;
import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Hits the nodes of a cluster and measures what that costs. */
@Command(
    name = "chaos",
    description = {
      "Trains in a cluster on this machine while its nodes are killed and stopped.",
      "",
      "Every fault happens to every role at random moments; measured is the longest time without a"
          + " step until all nodes are back and steps are made again. In the end the ledger is"
          + " audited for samples that were lost or trained twice, and at staleness 0 the bits are"
          + " compared with those of an undisturbed run of as many steps. Ends with 1 when a bound"
          + " was exceeded, a sample lost or repeated, or a bit differs.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = SettingsFlags.Run.class,
    footer = {
      "",
      "Faults:",
      "  kill    SIGKILL; the node is started again",
      "  stop    SIGSTOP, and SIGCONT after 30 s: by then the others go on without the node",
      "  pause   the same for 2 s: nobody may be put out of the cluster by that",
      "  leave   SIGTERM: the node gives its work back and leaves; it is started again",
      "",
      "Bounds: 10 s without a step for gpu and augment, 20 s for trainer and parameters.",
      "",
      "Examples:",
      "  urrl chaos --rounds 1 --faults kill",
      "  urrl chaos --rounds 3 --staleness-list 0,2 --out report.json"
    })
public final class ChaosCommand implements Callable<Integer> {
  private static final List<String> ROLES = List.of("trainer", "parameters", "gpu", "augment");

  /** A run that goes on until it is stopped, small enough for steps several times a second. */
  private static final Map<String, Object> SMALL =
      Map.of(
          "urrl.encoder.width", 4,
          "urrl.encoder.image-size", 16,
          "urrl.encoder.dim", 16,
          "urrl.train.batch", 32,
          "urrl.train.micro-batch", 8,
          "urrl.train.queue", 128,
          "urrl.train.epochs", 100_000,
          "urrl.checkpoint.every", 20,
          "urrl.workers.tensor-threads", 1);

  @Mixin private SettingsOptions options;

  @Option(
      names = "--nodes",
      defaultValue = "trainer=2,parameters=2,gpu=2,augment=2",
      paramLabel = "KIND=NUMBER,...",
      description = "Nodes of the cluster (default: ${DEFAULT-VALUE}).")
  private String nodes;

  @Option(
      names = "--faults",
      split = ",",
      defaultValue = "kill,stop,pause,leave",
      paramLabel = "FAULT",
      description = "What happens (default: ${DEFAULT-VALUE}).")
  private List<String> faults;

  @Option(
      names = "--roles",
      split = ",",
      defaultValue = "trainer,parameters,gpu,augment",
      paramLabel = "ROLE",
      description = "Whom it happens to (default: ${DEFAULT-VALUE}).")
  private List<String> roles;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "NUMBER",
      description = "How often each fault happens to each role (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--staleness-list",
      split = ",",
      defaultValue = "0,2",
      paramLabel = "NUMBER",
      description = "Staleness of the runs, one after the other (default: ${DEFAULT-VALUE}).")
  private List<Integer> staleness;

  @Option(
      names = "--order",
      defaultValue = "1",
      paramLabel = "SEED",
      description = "Chooses order and moments of the faults (default: ${DEFAULT-VALUE}).")
  private long order;

  @Option(
      names = "--out",
      defaultValue = "report.json",
      paramLabel = "FILE",
      description = "All figures as JSON (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--run",
      defaultValue = "runs/chaos",
      paramLabel = "DIR",
      description = "Directory of the runs, which must be new (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Override
  public Integer call() throws InterruptedException {
    if (Files.exists(directory)) {
      throw new UsageException(directory + " is there already; remove it, or give another --run");
    }
    Settings settings =
        options
            .settings(SettingsFlags.RUN, ConfigFactory.parseMap(SMALL, "urrl chaos"))
            .withAbsoluteSource()
            .onThisMachine();
    ChaosReport report =
        new Chaos(
                new ChaosOptions(
                    directory,
                    settings,
                    staleness,
                    NodeCounts.parse(nodes).requireWhole(),
                    chosen(),
                    requireRoles(),
                    rounds,
                    order,
                    ClusterOptions.PROGRAM),
                System.out::println)
            .run();
    report.lines().forEach(System.out::println);
    try {
      report.write(out);
    } catch (IOException e) {
      throw new UserException(out + ": " + FileFailure.reason(out, e), e);
    }
    System.out.println("all figures are in " + out);
    return report.good() ? 0 : 1;
  }

  private List<Fault> chosen() {
    List<Fault> all = new ArrayList<>();
    for (String word : faults) {
      requireOneOf("fault", word, Fault.words());
      all.add(Fault.named(word).orElseThrow());
    }
    return all;
  }

  private List<String> requireRoles() {
    roles.forEach(role -> requireOneOf("role", role, ROLES));
    return roles;
  }

  private static void requireOneOf(String what, String word, List<String> known) {
    if (!known.contains(word)) {
      throw new UsageException(
          "'%s' is no %s%s; give %s"
              .formatted(
                  word,
                  what,
                  NearestWords.question(NearestWords.of(word, known).stream().toList()),
                  String.join(", ", known)));
    }
  }
}
