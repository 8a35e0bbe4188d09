package io.urrl.launch.command;

import io.urrl.actors.files.FileFailure;
import io.urrl.launch.UserException;
import io.urrl.launch.run.LedgerAudit;
import io.urrl.launch.run.LedgerComparison;
import io.urrl.launch.run.OpenedRun;
import io.urrl.launch.run.RunDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks that every sample trained exactly once, and where two runs part. */
@Command(
    name = "audit",
    description = {
      "Checks a run's ledger: every sample of every epoch went into exactly one update.",
      "With a second run, compares the two by the digests of samples, pictures, views, parameters,"
          + " losses and gradients, and names the first difference and its stage."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  urrl audit runs/mine", "  urrl audit runs/mine runs/again"})
public final class AuditCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DIR", description = "The run's directory.")
  private Path run;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OTHER",
      description = "Another run's directory, to compare with.")
  private Path other;

  @Override
  public Integer call() {
    boolean right = whole(run);
    if (other != null) {
      right &= whole(other);
      right &= same();
    }
    return right ? 0 : 1;
  }

  private static boolean whole(Path run) {
    try {
      RunDescription description = RunDescription.read(run);
      LedgerAudit.Report report =
          LedgerAudit.check(
              OpenedRun.plan(description.settings(), description.samples(), true),
              run.resolve("ledger.jsonl"));
      System.out.println(
          "%s: %d steps, %d samples, %d skipped steps, %d faults"
              .formatted(
                  run, report.steps(), report.samples(), report.skipped(), report.faults().size()));
      report.faults().forEach(System.out::println);
      return report.faults().isEmpty();
    } catch (IOException e) {
      throw new UserException(
          "%s has no ledger that can be read: %s".formatted(run, FileFailure.reason(run, e)), e);
    }
  }

  private boolean same() {
    try {
      LedgerComparison.Report report = LedgerComparison.compare(run, other);
      System.out.println(
          "%d of %d common steps are equal in every digest and loss"
              .formatted(report.equal(), report.steps()));
      report.difference().ifPresent(difference -> System.out.println(difference.text()));
      return report.difference().isEmpty();
    } catch (IOException e) {
      throw new UserException(
          "the records of %s and %s cannot be compared: %s"
              .formatted(run, other, FileFailure.reason(run, e)),
          e);
    }
  }
}
