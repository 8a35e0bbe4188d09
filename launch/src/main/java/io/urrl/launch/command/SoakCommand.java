package io.urrl.launch.command;

import io.urrl.launch.UserException;
import io.urrl.launch.command.soak.Configuration;
import io.urrl.launch.command.soak.Plan;
import io.urrl.launch.command.soak.Soak;
import io.urrl.launch.command.soak.SoakOptions;
import io.urrl.launch.command.soak.SoakView;
import io.urrl.launch.command.soak.Stop;
import io.urrl.launch.report.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks for bits that are not always the same. */
@Command(
    name = "soak",
    description = {
      "Trains the same small run again and again, each in a fresh process, and compares the bits.",
      "",
      "The runs go on under load and in several configurations; compared are every loss, every"
          + " field of the ledger and the checkpoint's digest. Ends with a table, and with 1 when a"
          + " run deviated or failed.",
      "",
      "Workers, heap, allocator and streams must not change a bit; runs are compared with what most"
          + " runs with as many tensor threads have. A run that deviates is named with its first"
          + " step and field, and its directory stays in DIR/runs. Results are added to"
          + " DIR/soak.jsonl: the same command goes on where it was stopped, and a higher --runs"
          + " adds to what is there. Another program, machine or plan begins a new count.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Configurations, which can be joined, such as small-young+udp:",
      "  default            as the launcher starts it, with one worker of each kind",
      "  small-young        a young generation of 8 MB: dozens of garbage collections a run",
      "  system-allocator   the C library's allocator without the launcher's tuning",
      "  tensor-threads-2   two threads of the tensor library; compared among themselves",
      "  gpu-workers-2      two GPU workers",
      "  augment-workers-2  two augment workers",
      "  udp                streams through UDP on this machine",
      "",
      "Ctrl-C ends the runs under way and prints the table; a second one ends at once.",
      "",
      "Examples:",
      "  urrl soak --runs 20 --configurations small-young",
      "  urrl soak --runs 300 --long 2 --out runs/soak",
      "  urrl soak --minutes 30 --configurations default,small-young+tensor-threads-2 --load 4",
      "  urrl soak --data cifar10 --set encoder.width=16 --steps 50 --runs 40",
      "  urrl soak --runs 0 --out runs/soak         only the table"
    })
public final class SoakCommand implements Callable<Integer> {
  private static final int RUNS = 300;
  private static final double MILLIS_AN_HOUR = 3.6e6;

  @Option(
      names = "--out",
      defaultValue = "runs/soak",
      paramLabel = "DIR",
      description = "Directory of results and kept runs (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--runs",
      description =
          "Short runs, those of earlier calls included (default: " + RUNS + "; 0 with --long).")
  private Integer runs;

  @Option(
      names = "--minutes",
      defaultValue = "0",
      description = "Start no more short runs after that (default: no bound).")
  private double minutes;

  @Option(
      names = "--long",
      defaultValue = "0",
      paramLabel = "HOURS",
      description =
          "Hours of long runs after that: two side by side, compared as they go, an equal share for"
              + " each configuration (default: none).")
  private double longHours;

  @Option(
      names = "--configurations",
      defaultValue = "all",
      split = ",",
      paramLabel = "NAME",
      description = "See below (default: ${DEFAULT-VALUE}: each by itself, and some combinations).")
  private List<String> configurations;

  @Option(
      names = "--steps",
      defaultValue = "12",
      description = "Steps of a short run (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "Data set of the runs, as for pretrain (default: shapes).")
  private String data;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Any other key of cluster.conf for all runs. Defaults here: encoder.width=4,"
              + " encoder.image-size=32, train.batch=64, train.micro-batch=32.")
  private Map<String, String> keys = new LinkedHashMap<>();

  @Option(
      names = "--parallel",
      defaultValue = "1",
      description = "Short runs at a time (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--load",
      paramLabel = "CORES",
      description = "Cores that are kept busy meanwhile, 0 for none (default: all).")
  private Integer load;

  @Option(
      names = "--run-timeout",
      defaultValue = "600",
      paramLabel = "SECONDS",
      description =
          "A short run that takes longer is ended and counts as failed (default:"
              + " ${DEFAULT-VALUE}).")
  private long timeout;

  @Option(
      names = "--keep-all",
      description = "Keep the directories of all runs, not only of those that deviate or fail.")
  private boolean keepAll;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Stop stop = new Stop();
    SoakView view = new SoakView(System.out, Terminal.isLive());
    Soak soak = new Soak(options(), view, stop);
    StopSignals.listen().stopBy("ending the runs under way and printing the table", stop::ask);
    return soak.run() ? 0 : 1;
  }

  private SoakOptions options() {
    require(steps >= 1, "--steps must be at least 1");
    require(parallel >= 1, "--parallel must be at least 1");
    require(timeout >= 1, "--run-timeout must be at least 1");
    require(minutes >= 0 && longHours >= 0, "--minutes and --long must not be negative");
    int cores = Runtime.getRuntime().availableProcessors();
    int busy = load == null ? cores : load;
    int wanted = runs == null ? longHours > 0 ? 0 : RUNS : runs;
    require(busy >= 0 && wanted >= 0, "--load and --runs must not be negative");
    Map<String, String> settings = new LinkedHashMap<>(keys);
    if (data != null) {
      settings.put("data.source", data);
    }
    try {
      return new SoakOptions(
          TiedMain.class,
          out,
          Plan.of(settings, steps),
          Configuration.parse(configurations),
          wanted,
          minutes,
          Duration.ofMillis((long) (longHours * MILLIS_AN_HOUR)),
          parallel,
          busy,
          Duration.ofSeconds(timeout),
          keepAll);
    } catch (UserException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(command.commandLine(), otherwise);
    }
  }
}
