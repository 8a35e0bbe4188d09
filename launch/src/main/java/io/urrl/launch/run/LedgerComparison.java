package io.urrl.launch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Compares two runs by the digests in their ledgers, in the order of cause and effect, and names
 * the first difference and its stage: samples before pictures, pictures before views, state before
 * losses, losses before gradients. Who computed what, and on which attempt, may differ.
 */
public final class LedgerComparison {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A stage of a step: a field of a micro-batch in the ledger.
   *
   * @param field name in the ledger
   * @param text what differs, for people
   */
  private record Stage(String field, String text) {}

  private static final List<Stage> BEFORE_LOSS =
      List.of(
          new Stage("samples", "samples: another plan"),
          new Stage("substitutes", "pictures: other samples were read in the place of broken ones"),
          new Stage("version", "version of the parameters: staleness"),
          new Stage("state", "state: the parameters, or the queue, before this step"),
          new Stage("views", "views: the pixels that went in"));
  private static final Stage LOSS = new Stage("loss", "loss: the forward pass");
  private static final Stage GRADIENT = new Stage("gradient", "gradient: the backward pass");

  /**
   * The first place where two runs part.
   *
   * @param step the step, from 0
   * @param microBatch index within the step, -1 where it concerns the whole step
   * @param stage what differs, for people
   * @param one the first run's value
   * @param other the second run's
   */
  public record Difference(long step, int microBatch, String stage, String one, String other) {

    /** One line for people. */
    public String text() {
      String where =
          microBatch < 0 ? "step " + step : "step " + step + " micro-batch " + microBatch;
      return "first difference at %s: %s (%s, %s)".formatted(where, stage, one, other);
    }
  }

  /**
   * What a comparison found.
   *
   * @param steps steps that both runs have
   * @param equal steps before the first difference
   * @param difference where they part; empty when they do not
   */
  public record Report(long steps, long equal, Optional<Difference> difference) {}

  /** Compares the runs in two run directories as far as both go. */
  public static Report compare(Path one, Path other) throws IOException {
    long steps = 0;
    Optional<Difference> difference = Optional.empty();
    long equal = 0;
    try (BufferedReader oneLedger = Files.newBufferedReader(one.resolve("ledger.jsonl"));
        BufferedReader otherLedger = Files.newBufferedReader(other.resolve("ledger.jsonl"));
        BufferedReader oneMetrics = Files.newBufferedReader(one.resolve("metrics.jsonl"));
        BufferedReader otherMetrics = Files.newBufferedReader(other.resolve("metrics.jsonl"))) {
      while (true) {
        JsonNode[] lines = {
          next(oneLedger), next(otherLedger), next(oneMetrics), next(otherMetrics)
        };
        for (JsonNode line : lines) {
          if (line == null) {
            return new Report(steps, equal, difference);
          }
        }
        steps++;
        if (difference.isEmpty()) {
          difference = step(lines[0], lines[1], lines[2], lines[3]);
          equal += difference.isEmpty() ? 1 : 0;
        }
      }
    }
  }

  private static JsonNode next(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    return line == null ? null : JSON.readTree(line);
  }

  private static Optional<Difference> step(
      JsonNode one, JsonNode other, JsonNode oneMetrics, JsonNode otherMetrics) {
    long step = one.path("step").asLong();
    return field(step, -1, new Stage("step", "number of the step"), one, other)
        .or(() -> microBatches(step, BEFORE_LOSS, one, other))
        .or(() -> field(step, -1, LOSS, oneMetrics, otherMetrics))
        .or(() -> microBatches(step, List.of(GRADIENT), one, other))
        .or(() -> field(step, -1, new Stage("skipped", "skipped or not"), one, other));
  }

  private static Optional<Difference> microBatches(
      long step, List<Stage> stages, JsonNode one, JsonNode other) {
    JsonNode ones = one.path("micro_batches");
    JsonNode others = other.path("micro_batches");
    if (ones.size() != others.size()) {
      return Optional.of(
          new Difference(
              step,
              -1,
              "number of micro-batches",
              Integer.toString(ones.size()),
              Integer.toString(others.size())));
    }
    for (Stage stage : stages) {
      for (int index = 0; index < ones.size(); index++) {
        Optional<Difference> difference =
            field(step, index, stage, ones.get(index), others.get(index));
        if (difference.isPresent()) {
          return difference;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Difference> field(
      long step, int microBatch, Stage stage, JsonNode one, JsonNode other) {
    JsonNode mine = one.path(stage.field());
    JsonNode its = other.path(stage.field());
    return mine.equals(its)
        ? Optional.empty()
        : Optional.of(new Difference(step, microBatch, stage.text(), text(mine), text(its)));
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() ? "none" : value.isTextual() ? value.asText() : value.toString();
  }

  private LedgerComparison() {}
}
