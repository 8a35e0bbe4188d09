package io.urrl.launch.command;

import io.urrl.actors.files.FileFailure;
import io.urrl.launch.UserException;
import io.urrl.launch.run.LedgerAudit;
import io.urrl.launch.run.Pretraining;
import io.urrl.launch.run.RunDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks that every sample trained exactly once. */
@Command(
    name = "audit",
    description =
        "Checks a run's ledger: every sample of every epoch went into exactly one update.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  urrl audit runs/mine"})
public final class AuditCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The run's directory.")
  private Path run;

  @Override
  public Integer call() {
    try {
      RunDescription description = RunDescription.read(run);
      LedgerAudit.Report report =
          LedgerAudit.check(
              Pretraining.plan(description.settings(), description.samples(), true),
              run.resolve("ledger.jsonl"));
      System.out.println(
          "%d steps, %d samples, %d skipped steps, %d faults"
              .formatted(
                  report.steps(), report.samples(), report.skipped(), report.faults().size()));
      report.faults().forEach(System.out::println);
      return report.faults().isEmpty() ? 0 : 1;
    } catch (IOException e) {
      throw new UserException(
          "%s has no ledger that can be read: %s".formatted(run, FileFailure.reason(run, e)), e);
    }
  }
}
