package io.urrl.launch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunEvent.StepClosed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * The record of a run, open for writing.
 *
 * @param metrics what every step measured
 * @param ledger which samples every step was computed from
 * @param evaluations what evaluations of checkpoints found
 */
public record RunFiles(JsonLines metrics, JsonLines ledger, JsonLines evaluations)
    implements AutoCloseable {
  /** Name of the file of {@link #metrics}. */
  public static final String METRICS = "metrics.jsonl";

  /** Name of the file of {@link #evaluations}. */
  public static final String EVALUATIONS = "evaluations.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Opens the record in a run's directory, or begins one. */
  public static RunFiles open(Path directory) throws IOException {
    return new RunFiles(
        new JsonLines(directory.resolve(METRICS)),
        new JsonLines(directory.resolve("ledger.jsonl")),
        new JsonLines(directory.resolve(EVALUATIONS)));
  }

  /** Steps whose record is whole. */
  public long steps() throws IOException {
    return Math.min(
        metrics.last().map(RunFiles::next).orElse(0L),
        ledger.last().map(RunFiles::next).orElse(0L));
  }

  private static long next(JsonNode line) {
    return line.path("step").asLong() + 1;
  }

  /** The term of the newest step, 0 when none is recorded. */
  public int term() throws IOException {
    return ledger.last().map(line -> line.path("term").asInt()).orElse(0);
  }

  /** Drops the record of {@code step} and all later ones. */
  public void truncateFrom(long step) throws IOException {
    metrics.truncateFrom(step);
    ledger.truncateFrom(step);
  }

  /**
   * Adds a step: what it measured, and which samples it was computed from.
   *
   * @param pairsPerSecond at which its samples were trained
   * @param feeding who waits for whom
   * @throws IOException with a text for people when it cannot be written
   */
  public void append(StepClosed closed, double pairsPerSecond, Feeding.Report feeding)
      throws IOException {
    metrics.append(metricsOf(closed, pairsPerSecond, feeding));
    ledger.append(auditOf(closed));
  }

  /**
   * Adds what an evaluation of a step's checkpoint found while the run goes on, unless that is
   * there already: a recorder that was started anew may have it evaluated again.
   *
   * @throws IOException with a text for people when it cannot be written
   */
  public void appendVerdict(long step, Outcome.Measured measured) throws IOException {
    if (!evaluations.has(line -> EvaluationLog.isUnderWay(line, step))) {
      evaluations.append(EvaluationLog.underWay(step, measured));
    }
  }

  private static ObjectNode metricsOf(
      StepClosed closed, double pairsPerSecond, Feeding.Report feeding) {
    ObjectNode line = JSON.createObjectNode();
    line.put("step", closed.step());
    line.put("epoch", closed.epoch());
    line.put("loss", closed.loss());
    line.put("lr", closed.rate());
    line.put("accuracy", closed.accuracy());
    line.put("skipped", closed.skipped());
    line.put("pairs_per_second", pairsPerSecond);
    line.put("wait_views", sum(closed, Result.Waits::views));
    line.put("wait_parameters", sum(closed, Result.Waits::parameters));
    line.put("compute", sum(closed, Result.Waits::compute));
    line.put("send", sum(closed, Result.Waits::send));
    line.put("ready", sumBacklog(closed, Result.Backlog::ready));
    line.put("leases", sumBacklog(closed, Result.Backlog::leases));
    line.put("augment_workers", feeding.workers());
    feeding.starve().ifPresent(share -> line.put("starve", rounded(share)));
    feeding.busy().ifPresent(share -> line.put("augment_busy", rounded(share)));
    if (feeding.starve().isPresent()) {
      line.put("augment_more", feeding.more());
    }
    return line;
  }

  private static double rounded(double share) {
    return Math.round(share * 1000) / 1000.0;
  }

  private static double sum(StepClosed closed, ToDoubleFunction<Result.Waits> part) {
    return closed.audit().stream()
        .mapToDouble(contribution -> part.applyAsDouble(contribution.waits()))
        .sum();
  }

  private static int sumBacklog(StepClosed closed, ToIntFunction<Result.Backlog> part) {
    return closed.audit().stream()
        .mapToInt(contribution -> part.applyAsInt(contribution.backlog()))
        .sum();
  }

  private static ObjectNode auditOf(StepClosed closed) {
    ObjectNode line = JSON.createObjectNode();
    line.put("step", closed.step());
    line.put("term", closed.term());
    line.put("skipped", closed.skipped());
    ArrayNode parts = line.putArray("micro_batches");
    for (Result contribution : closed.audit()) {
      ObjectNode part =
          parts
              .addObject()
              .put("worker", contribution.worker())
              .put("attempt", contribution.attempt())
              .put("version", contribution.version())
              .put("samples", Integer.toUnsignedString(contribution.samples(), 16))
              .put("views", Long.toHexString(contribution.digests().views()))
              .put("state", Long.toHexString(contribution.digests().state()))
              .put("gradient", Long.toHexString(contribution.digests().gradient()));
      if (!contribution.substitutes().isEmpty()) {
        ObjectNode substitutes = part.putObject("substitutes");
        contribution
            .substitutes()
            .forEach(other -> substitutes.put(Integer.toString(other.asked()), other.used()));
      }
    }
    return line;
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
