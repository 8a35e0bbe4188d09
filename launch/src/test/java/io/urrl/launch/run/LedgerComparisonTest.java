package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerComparisonTest {
  @TempDir private Path folder;

  private Path run(String name, String replaced, String by) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    StringBuilder ledger = new StringBuilder();
    StringBuilder metrics = new StringBuilder();
    for (int step = 0; step < 4; step++) {
      ledger.append(
          """
          {"step":%1$d,"skipped":false,"micro_batches":[\
          {"worker":"%2$s","attempt":0,"version":%1$d,"samples":"a%1$d","views":"b%1$d",\
          "state":"c%1$d","gradient":"d%1$d"},\
          {"worker":"%2$s","attempt":0,"version":%1$d,"samples":"e%1$d","views":"f%1$d",\
          "state":"c%1$d","gradient":"g%1$d","substitutes":{"7":%1$d}}]}
          """
              .formatted(step, name));
      metrics.append("{\"step\":%1$d,\"loss\":%1$d.5}\n".formatted(step));
    }
    Files.writeString(run.resolve("ledger.jsonl"), ledger.toString().replace(replaced, by));
    Files.writeString(run.resolve("metrics.jsonl"), metrics.toString().replace(replaced, by));
    return run;
  }

  @Test
  void workersAndAttemptsMayDiffer() throws IOException {
    LedgerComparison.Report report =
        LedgerComparison.compare(
            run("one", "\"attempt\":0", "\"attempt\":0"),
            run("two", "\"attempt\":0", "\"attempt\":1"));
    assertEquals(4, report.equal());
    assertEquals(4, report.steps());
    assertTrue(report.difference().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "a2, x, 2, 0, samples",
    "f1, x, 1, 1, views",
    "c3, x, 3, 0, state",
    "g0, x, 0, 1, gradient",
    "2.5, 2.25, 2, -1, loss",
    "'\"7\":2', '\"8\":2', 2, 1, pictures",
    "'\"step\":3', '\"step\":4', 3, -1, number"
  })
  void theFirstDifferenceIsNamed(String from, String to, long step, int index, String stage)
      throws IOException {
    LedgerComparison.Report report =
        LedgerComparison.compare(run("one", "-", "-"), run("two", from, to));
    LedgerComparison.Difference difference = report.difference().orElseThrow();
    assertEquals(step, difference.step());
    assertEquals(step, report.equal());
    assertEquals(index, difference.microBatch());
    assertTrue(difference.text().contains(stage), difference.text());
  }

  @Test
  void causesComeBeforeEffects() throws IOException {
    Path one = run("one", "-", "-");
    Path two = run("two", "f1", "x");
    Files.writeString(
        two.resolve("ledger.jsonl"),
        Files.readString(two.resolve("ledger.jsonl")).replace("d1", "y").replace("c2", "z"));
    LedgerComparison.Report report = LedgerComparison.compare(one, two);
    assertTrue(report.difference().orElseThrow().stage().startsWith("views"));
  }
}
