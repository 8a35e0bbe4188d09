package io.urrl.launch.command.soak;

import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The short runs of a soak test: fresh processes, the configurations in turn. */
final class ShortRuns {
  private static final int HOPELESS = 3;
  private static final double NANOS = 1e9;

  private final SoakOptions options;
  private final Program program;
  private final String subject;
  private final Journal journal;
  private final RunFolders folders;
  private final SoakView view;
  private final Stop stop;
  private final long began = System.nanoTime();
  private final Map<String, Integer> started = new HashMap<>();
  private final Set<Integer> announced = new HashSet<>();
  private int next;
  private int all;
  private int fresh;
  private int failuresInARow;

  ShortRuns(
      SoakOptions options,
      Program program,
      String subject,
      Journal journal,
      SoakView view,
      Stop stop) {
    this.options = options;
    this.program = program;
    this.subject = subject;
    this.journal = journal;
    this.view = view;
    this.stop = stop;
    folders = new RunFolders(options.directory());
    next = journal.nextNumber();
    for (Result.ShortRun one : tally().shorts()) {
      started.merge(one.configuration(), 1, Integer::sum);
      all++;
    }
    tally().deviating().forEach(one -> announced.add(one.number()));
  }

  private Tally tally() {
    return new Tally(journal.results(), subject);
  }

  /** Runs until there are as many results as wanted. */
  void run() throws IOException {
    try (ExecutorService pool = Executors.newFixedThreadPool(options.parallel())) {
      List<Future<?>> lanes = new ArrayList<>();
      for (int lane = 0; lane < options.parallel(); lane++) {
        lanes.add(
            pool.submit(
                () -> {
                  lane();
                  return null;
                }));
      }
      for (Future<?> lane : lanes) {
        lane.get();
      }
    } catch (InterruptedException e) {
      stop.ask();
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      stop.ask();
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case UserException cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      view.end();
    }
  }

  private record Turn(int number, Configuration configuration) {}

  private void lane() throws IOException, InterruptedException {
    for (Turn turn = next(); turn != null; turn = next()) {
      run(turn);
    }
  }

  /** The configuration with the fewest runs; null when no more are to be started. */
  private synchronized Turn next() {
    boolean late =
        options.minutes() > 0 && System.nanoTime() - began > options.minutes() * 60 * NANOS;
    if (all >= options.runs() || late || stop.asked() || failuresInARow >= HOPELESS) {
      return null;
    }
    Configuration rarest =
        options.configurations().stream()
            .min(Comparator.comparing(one -> started.getOrDefault(one.name(), 0)))
            .orElseThrow();
    started.merge(rarest.name(), 1, Integer::sum);
    all++;
    return new Turn(next++, rarest);
  }

  private void run(Turn turn) throws IOException, InterruptedException {
    Configuration configuration = turn.configuration();
    Path folder = folders.run(turn.number());
    long start = System.nanoTime();
    RunProcess process =
        RunProcess.start(
            program,
            options.commandLine(),
            configuration,
            options.plan().ofShortRun(configuration),
            folder,
            stop);
    String failure = process.await(options.timeout().toSeconds());
    long left = process.clear();
    if (stop.asked()) {
      Folders.delete(folder);
      return;
    }
    double seconds = (System.nanoTime() - start) / NANOS;
    RunTrace trace = RunTrace.read(folder);
    add(
        new Result.ShortRun(
            subject,
            turn.number(),
            configuration.name(),
            configuration.group(),
            trace.length(),
            seconds,
            trace.pattern(),
            failure,
            failure.isEmpty() ? List.of() : process.said(),
            left));
  }

  private synchronized void add(Result.ShortRun one) throws IOException {
    journal.append(one);
    fresh++;
    failuresInARow = one.failed() && one.steps() == 0 ? failuresInARow + 1 : 0;
    Tally tally = tally();
    Report report = new Report(tally, folders, 0);
    if (one.failed()) {
      view.say(
          "run %d (%s) failed: %s, %s; kept in %s"
              .formatted(
                  one.number(),
                  one.configuration(),
                  one.failure(),
                  report.beforeFailure(one),
                  folders.run(one)));
      one.said().forEach(line -> view.say("    " + line));
    }
    announce(tally, report);
    boolean evidence =
        one.failed()
            || tally.deviates(one)
            || tally.first(one.group(), one.pattern()).orElseThrow().equals(one);
    if (!options.keepAll() && !evidence) {
      Folders.delete(folders.run(one));
    }
    if (failuresInARow == HOPELESS) {
      view.say(HOPELESS + " runs in a row failed before their first step: no more are started");
    }
    double seconds = (System.nanoTime() - began) / NANOS;
    view.progress(Report.progress(tally, options.runs(), fresh, seconds));
  }

  private void announce(Tally tally, Report report) {
    Set<Integer> deviating = new HashSet<>();
    for (Result.ShortRun one : tally.deviating()) {
      deviating.add(one.number());
      if (announced.add(one.number())) {
        view.say(report.deviation(one));
      }
    }
    for (int number : List.copyOf(announced)) {
      if (!deviating.contains(number)) {
        announced.remove(number);
        view.say("run " + number + " has the common bits after all");
      }
    }
  }
}
