package io.urrl.launch.run;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The record of a run, open for writing.
 *
 * @param metrics what every step measured
 * @param ledger which samples every step was computed from
 * @param evaluations what evaluations of checkpoints found
 */
public record RunFiles(JsonLines metrics, JsonLines ledger, JsonLines evaluations)
    implements AutoCloseable {

  /** Opens the record in a run's directory, or begins one. */
  public static RunFiles open(Path directory) throws IOException {
    return new RunFiles(
        new JsonLines(directory.resolve("metrics.jsonl")),
        new JsonLines(directory.resolve("ledger.jsonl")),
        new JsonLines(directory.resolve("evaluations.jsonl")));
  }

  @Override
  public void close() throws IOException {
    try (metrics;
        ledger;
        evaluations) {
      // Closing all of them is the point, also when one fails.
    }
  }
}
