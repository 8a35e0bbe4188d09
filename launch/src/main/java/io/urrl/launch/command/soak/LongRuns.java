package io.urrl.launch.command.soak;

import io.urrl.launch.report.ConsoleView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The long runs of a soak test: two of a configuration side by side, compared as they go, the
 * configurations one after the other. The longest one without a deviation is kept, and later ones
 * of whatever configuration are compared with it, too, as far as it came.
 */
final class LongRuns {
  private static final double NANOS = 1e9;
  private static final long PAUSE_MILLIS = 500;

  /** A round that is shorter says less than its start costs. */
  private static final double LEAST_SECONDS = 5;

  private final SoakOptions options;
  private final Program program;
  private final String subject;
  private final Journal journal;
  private final RunFolders folders;
  private final SoakView view;
  private final Stop stop;

  LongRuns(
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
  }

  /** Runs until every configuration had its share of the time. */
  void run() throws IOException {
    double share = options.longTime().toMillis() / 1e3 / options.configurations().size();
    try {
      for (Configuration configuration : options.configurations()) {
        double left = share - spent(configuration);
        while (left >= LEAST_SECONDS && !stop.asked()) {
          Result.LongPair result = round(configuration, left);
          left -= result.seconds();
          if (result.steps() == 0) {
            view.say(configuration.name() + " came to no step and is left out");
            break;
          }
        }
      }
    } catch (InterruptedException e) {
      stop.ask();
      Thread.currentThread().interrupt();
    } finally {
      view.end();
    }
  }

  private double spent(Configuration configuration) {
    return new Tally(journal.results(), subject)
        .longs().stream()
            .filter(one -> one.configuration().equals(configuration.name()))
            .mapToDouble(Result.LongPair::seconds)
            .sum();
  }

  private Result.LongPair round(Configuration configuration, double seconds)
      throws IOException, InterruptedException {
    int number = journal.nextNumber();
    Path first = folders.longRun(number, "a");
    Path second = folders.longRun(number, "b");
    Path reference = folders.longReference(subject, configuration.group());
    long began = System.nanoTime();
    RunProcess one = start(configuration, first);
    RunProcess other = start(configuration, second);
    try (LongComparison comparison = new LongComparison(first, second, reference)) {
      Optional<String> deviation = Optional.empty();
      double passed = 0;
      while (deviation.isEmpty() && passed < seconds && goOn(one, other)) {
        if (stop.await(PAUSE_MILLIS)) {
          break;
        }
        deviation = comparison.advance();
        passed = (System.nanoTime() - began) / NANOS;
        view.progress(progress(configuration, comparison, passed, seconds));
      }
      Optional<RunProcess> failed =
          stop.asked()
              ? Optional.empty()
              : Stream.of(one, other).filter(run -> !run.failure().isEmpty()).findFirst();
      String failure = failed.map(RunProcess::failure).orElse("");
      end(one);
      end(other);
      deviation = deviation.isPresent() ? deviation : comparison.advance();
      Result.LongPair result =
          new Result.LongPair(
              subject,
              number,
              configuration.name(),
              configuration.group(),
              comparison.steps(),
              comparison.checkpointsCompared(),
              (System.nanoTime() - began) / NANOS,
              deviation.orElse(""),
              failure,
              failed.isPresent() ? failed.get().said() : List.of());
      finish(result, first, second, reference, comparison.referenceSteps());
      return result;
    } finally {
      end(one);
      end(other);
    }
  }

  /** A run that has ended well waits for the other one. */
  private static boolean goOn(RunProcess one, RunProcess other) {
    return (one.isAlive() || other.isAlive())
        && one.failure().isEmpty()
        && other.failure().isEmpty();
  }

  private RunProcess start(Configuration configuration, Path folder) throws IOException {
    return RunProcess.start(
        program,
        options.commandLine(),
        configuration,
        options.plan().ofLongRun(configuration),
        folder,
        stop);
  }

  private static void end(RunProcess process) throws IOException, InterruptedException {
    process.end();
    process.clear();
  }

  private void finish(
      Result.LongPair result, Path first, Path second, Path reference, long referenceSteps)
      throws IOException {
    journal.append(result);
    boolean clean = result.deviation().isEmpty() && result.failure().isEmpty();
    String found =
        String.format(
            Locale.ROOT,
            "long runs %d (%s): %,d steps and %d checkpoints compared in %s, ",
            result.number(),
            result.configuration(),
            result.steps(),
            result.checkpoints(),
            ConsoleView.duration((long) result.seconds()));
    if (!clean) {
      view.say(
          found
              + "%s%s; kept in %s and %s"
                  .formatted(result.deviation(), result.failure(), first, second));
      result.said().forEach(line -> view.say("    " + line));
      return;
    }
    view.say(found + "no deviation");
    if (result.steps() > referenceSteps) {
      Folders.delete(reference);
      Files.createDirectories(reference.getParent());
      Folders.delete(first.resolve("checkpoints"));
      Files.move(first, reference);
    }
    if (!options.keepAll()) {
      Folders.delete(first);
      Folders.delete(second);
    }
  }

  private static String progress(
      Configuration configuration, LongComparison comparison, double passed, double seconds) {
    return String.format(
        Locale.ROOT,
        "long runs (%s)  %,d steps compared  %.1f/s  %d checkpoints  ETA %s",
        configuration.name(),
        comparison.steps(),
        comparison.steps() / passed,
        comparison.checkpointsCompared(),
        ConsoleView.duration((long) (seconds - passed)));
  }
}
