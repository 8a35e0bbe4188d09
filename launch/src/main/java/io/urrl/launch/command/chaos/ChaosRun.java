package io.urrl.launch.command.chaos;

import com.typesafe.config.ConfigValueFactory;
import io.urrl.actors.random.Philox;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.NodeStatus;
import io.urrl.launch.node.Pretraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A run in a cluster whose nodes are hit, one after the other. */
final class ChaosRun {
  private static final Duration LONGEST_START = Duration.ofMinutes(3);
  private static final Duration LONGEST_RECOVERY = Duration.ofMinutes(2);
  private static final Duration LONGEST_END = Duration.ofMinutes(3);

  /** Steps after which all is as before. */
  private static final int STEPS = 5;

  /** Between the end of one fault and the next one, in milliseconds. */
  private static final int SHORTEST_CALM = 1_000;

  private static final int CALM = 4_000;
  private static final long PAUSE_NANOS = 10_000_000;

  private record Planned(Fault fault, String role) {}

  private final ChaosOptions options;
  private final int staleness;
  private final Path run;
  private final Consumer<String> say;
  private final Philox random;
  private Cluster cluster;
  private Progress progress;

  /**
   * @param say takes lines for people
   */
  ChaosRun(ChaosOptions options, int staleness, Consumer<String> say) {
    this.options = options;
    this.staleness = staleness;
    this.say = say;
    run = options.directory().resolve("staleness-" + staleness);
    random = new Philox(options.seed() * 31 + staleness);
  }

  /** Directory of the run. */
  Path directory() {
    return run;
  }

  /** The settings of a run of that staleness. */
  static Settings settings(Settings common, int staleness) {
    return Settings.of(
        common
            .config()
            .withValue("urrl.train.staleness", ConfigValueFactory.fromAnyRef(staleness)));
  }

  /**
   * Trains while the nodes are hit, and ends the run thereafter.
   *
   * @return what each fault cost
   */
  List<Blow> run() throws InterruptedException {
    Settings settings = Cluster.fitted(settings(options.settings(), staleness), options.nodes());
    Pretraining.describe(settings, run, false, say).close();
    cluster =
        Cluster.begin(
            run,
            options.nodes(),
            settings,
            Map.of("gpu", Map.of("workers.gpu", "1"), "augment", Map.of("workers.augment", "1")),
            false,
            options.program());
    Thread watch = new Thread(this::watch, "chaos-supervisor");
    watch.setDaemon(true);
    watch.start();
    progress = new Progress(run.resolve("metrics.jsonl"));
    List<Blow> blows = new ArrayList<>();
    try {
      progress.begin();
      await("the first steps", LONGEST_START, this::isWell);
      for (Planned next : plan()) {
        rest(SHORTEST_CALM + random.nextInt(CALM));
        Blow blow = hit(next);
        say.accept(ChaosReport.line(blow));
        blows.add(blow);
      }
    } finally {
      cluster.stop();
      watch.join(LONGEST_END.toMillis());
      cluster.nodes().forEach(node -> node.pid().ifPresent(pid -> Signals.send("KILL", pid)));
    }
    return blows;
  }

  private void watch() {
    try {
      if (!cluster.watch(text -> say.accept("  " + text))) {
        say.accept("another process watches over " + run);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Planned> plan() {
    List<Planned> all = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      List<Planned> one = new ArrayList<>();
      for (Fault fault : options.faults()) {
        options.roles().forEach(role -> one.add(new Planned(fault, role)));
      }
      for (int left = one.size(); left > 1; left--) {
        Collections.swap(one, left - 1, random.nextInt(left));
      }
      all.addAll(one);
    }
    return all;
  }

  private Blow hit(Planned planned) {
    List<NodeStatus> all =
        cluster.nodes().stream()
            .filter(node -> node.isUp() && node.roles().contains(planned.role()))
            .toList();
    NodeStatus victim = all.get(random.nextInt(all.size()));
    long pid = victim.pid().orElseThrow();
    long step = steps();
    progress.begin();
    planned.fault().begin(pid);
    boolean recovered;
    try {
      rest((int) planned.fault().lasts().toMillis());
    } finally {
      planned.fault().end(pid);
    }
    int before = progress.steps();
    recovered = waited(LONGEST_RECOVERY, () -> progress.steps() >= before + STEPS && isWell());
    return new Blow(
        planned.fault(),
        planned.role(),
        victim.name(),
        staleness,
        step,
        progress.longest(),
        recovered);
  }

  private boolean isWell() {
    return progress.steps() >= STEPS && cluster.settled();
  }

  private long steps() {
    try (Stream<String> lines = Files.lines(run.resolve("metrics.jsonl"))) {
      return lines.count();
    } catch (IOException e) {
      throw new UserException(run + ": " + e.getMessage(), e);
    }
  }

  private void rest(int millis) {
    waited(Duration.ofMillis(millis), () -> false);
  }

  private void await(String what, Duration longest, BooleanSupplier there) {
    if (!waited(longest, there)) {
      throw new UserException(
          "%s did not come within %d s; see urrl logs --run %s"
              .formatted(what, longest.toSeconds(), run));
    }
  }

  private boolean waited(Duration longest, BooleanSupplier there) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!there.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      progress.look();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }
}
