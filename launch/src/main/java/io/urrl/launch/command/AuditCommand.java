package io.urrl.launch.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.run.LedgerAudit;
import io.urrl.launch.run.Pretraining;
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
      JsonNode description = new ObjectMapper().readTree(run.resolve("run.json").toFile());
      Settings settings =
          Settings.of(
              ConfigFactory.parseString(description.get("settings").asText())
                  .atPath("urrl")
                  .withFallback(SettingsLoader.defaults())
                  .resolve());
      LedgerAudit.Report report =
          LedgerAudit.check(
              Pretraining.plan(settings, description.get("samples").asInt(), true),
              run.resolve("ledger.jsonl"));
      System.out.println(
          "%d steps, %d samples, %d skipped steps, %d faults"
              .formatted(
                  report.steps(), report.samples(), report.skipped(), report.faults().size()));
      report.faults().forEach(System.out::println);
      return report.faults().isEmpty() ? 0 : 1;
    } catch (IOException e) {
      throw new UserException(run + " holds no run that can be read: " + e.getMessage(), e);
    }
  }
}
