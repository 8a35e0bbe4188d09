package io.urrl.launch.command.soak;

import io.urrl.launch.report.ConsoleView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table of runs and deviations, for people. */
final class Report {
  private static final double MIB = 1 << 20;

  private final Tally tally;
  private final RunFolders folders;
  private final int otherSubjects;

  /**
   * @param folders where runs that deviate lie
   * @param otherSubjects results that are not in {@code tally}
   */
  Report(Tally tally, RunFolders folders, int otherSubjects) {
    this.tally = tally;
    this.folders = folders;
    this.otherSubjects = otherSubjects;
  }

  /** Lines of the table and, below it, of what deviated and failed. */
  List<String> lines() {
    List<Tally.Row> rows = tally.rows();
    int width =
        rows.stream()
            .mapToInt(row -> row.name().length())
            .reduce("configuration".length(), Math::max);
    String form = "%-" + width + "s %6s %11s %11s %9s %10s";
    List<String> lines = new ArrayList<>();
    lines.add(form.formatted("configuration", "runs", "steps", "deviations", "failures", "s/run"));
    rows.forEach(row -> lines.add(line(form, row)));
    lines.add(line(form, tally.total()));
    tally.deviating().forEach(one -> lines.add(deviation(one)));
    for (Result.LongPair one : tally.longs()) {
      if (!one.deviation().isEmpty()) {
        lines.add("%s: %s".formatted(title(one), one.deviation()));
      }
      if (!one.failure().isEmpty()) {
        lines.addAll(failure(one, one.failure(), one.said()));
      }
    }
    tally
        .failed()
        .forEach(
            one ->
                lines.addAll(failure(one, one.failure() + ", " + beforeFailure(one), one.said())));
    long left = tally.total().leftBytes();
    if (left > 0) {
      lines.add(
          String.format(
              Locale.ROOT, "%.1f MiB were left in /dev/shm by runs and removed", left / MIB));
    }
    if (otherSubjects > 0) {
      lines.add(
          "%d results of another program, machine or plan stand in %s and are not counted"
              .formatted(otherSubjects, Journal.FILE));
    }
    return lines;
  }

  private static String line(String form, Tally.Row row) {
    return String.format(
        Locale.ROOT,
        form,
        row.name(),
        row.runs(),
        String.format(Locale.ROOT, "%,d", row.steps()),
        row.deviations(),
        row.failures(),
        row.runs() == 0 ? "--" : String.format(Locale.ROOT, "%.1f", row.seconds() / row.runs()));
  }

  private static String title(Result one) {
    String kind = one instanceof Result.LongPair ? "long runs " : "run ";
    return kind + one.number() + " (" + one.configuration() + ")";
  }

  private static List<String> failure(Result one, String failure, List<String> said) {
    List<String> lines = new ArrayList<>(List.of(title(one) + " failed: " + failure));
    said.forEach(line -> lines.add("    " + line));
    return lines;
  }

  /** What a run that deviates has where others have something else. */
  String deviation(Result.ShortRun one) {
    Result.ShortRun common = tally.reference(one.group()).orElseThrow();
    int many = tally.count(one.group(), common.pattern());
    boolean undecided = many == tally.count(one.group(), one.pattern());
    return "%s has other bits than %s: %s; kept in %s%s"
        .formatted(
            title(one),
            many == 1 ? "run " + common.number() : "the common ones of " + many + " runs",
            evidence(common, one),
            folders.run(one),
            undecided ? "; more runs will say which is right" : "");
  }

  private String evidence(Result.ShortRun common, Result.ShortRun one) {
    Path theirs = folders.run(common);
    Path its = folders.run(one);
    if (Files.notExists(theirs) || Files.notExists(its)) {
      return "the directories of runs " + common.number() + " and " + one.number() + " are gone";
    }
    try {
      Optional<Deviation> deviation = RunTrace.read(its).from(RunTrace.read(theirs));
      return deviation.map(Deviation::text).orElse("the directories were changed since");
    } catch (IOException e) {
      return "the directories cannot be read: " + e.getMessage();
    }
  }

  /** Where a run failed, and whether it had the common bits so far. */
  String beforeFailure(Result.ShortRun failed) {
    Optional<Result.ShortRun> common = tally.reference(failed.group());
    if (common.isEmpty() || Files.notExists(folders.run(common.get()))) {
      return "at step " + failed.steps();
    }
    try {
      return RunTrace.read(folders.run(failed))
          .asFarAsItCame(RunTrace.read(folders.run(common.get())))
          .map(deviation -> "with other bits before that: " + deviation.text())
          .orElse("at step %d, with the common bits up to there".formatted(failed.steps()));
    } catch (IOException e) {
      return "in a directory that cannot be read: " + e.getMessage();
    }
  }

  /** How far the test is. */
  static String progress(Tally tally, int wanted, int fresh, double seconds) {
    Tally.Row total = tally.total();
    int done = tally.shorts().size();
    double rate = seconds > 0 ? fresh / seconds : 0;
    return String.format(
        Locale.ROOT,
        "%,d of %,d runs  %.1f/min  deviations %d  failures %d  ETA %s",
        done,
        wanted,
        60 * rate,
        total.deviations(),
        total.failures(),
        rate > 0 ? ConsoleView.duration((long) (Math.max(0, wanted - done) / rate)) : "--");
  }
}
