package io.urrl.launch.run;

import com.fasterxml.jackson.databind.JsonNode;
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

  /** Steps whose record is whole. */
  long steps() throws IOException {
    return Math.min(
        metrics.last().map(RunFiles::next).orElse(0L),
        ledger.last().map(RunFiles::next).orElse(0L));
  }

  private static long next(JsonNode line) {
    return line.path("step").asLong() + 1;
  }

  /** The term of the newest step, 0 when none is recorded. */
  int term() throws IOException {
    return ledger.last().map(line -> line.path("term").asInt()).orElse(0);
  }

  /** Drops the record of {@code step} and all later ones. */
  void truncateFrom(long step) throws IOException {
    metrics.truncateFrom(step);
    ledger.truncateFrom(step);
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
