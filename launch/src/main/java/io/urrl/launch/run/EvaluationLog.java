package io.urrl.launch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.launch.config.Settings;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Results of evaluations as lines of {@code evaluations.jsonl}. */
public final class EvaluationLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The line of a linear evaluation.
   *
   * @param step optimiser steps of the encoder
   */
  public static ObjectNode linear(long step, Settings settings, Outcome.Measured measured) {
    Settings.Evaluate how = settings.evaluate();
    ObjectNode line = line(step, "linear", settings, measured);
    line.put("train_top1", measured.trainTop1());
    line.put("lr", measured.rate());
    line.put("epochs", how.linearEpochs());
    line.put("batch", how.linearBatch());
    line.put("seed", settings.train().seed());
    return line;
  }

  /**
   * The line of an evaluation by nearest neighbours.
   *
   * @param step optimiser steps of the encoder
   */
  public static ObjectNode nearest(long step, Settings settings, Outcome.Measured measured) {
    Settings.Evaluate how = settings.evaluate();
    ObjectNode line = line(step, "knn", settings, measured);
    line.put("neighbours", how.knnNeighbours());
    line.put("temperature", how.knnTemperature());
    return line;
  }

  /**
   * The line of an evaluation by nearest neighbours while the run goes on: how it is made stands in
   * the run's settings.
   *
   * @param step optimiser steps of the encoder
   */
  public static ObjectNode underWay(long step, Outcome.Measured measured) {
    ObjectNode line = JSON.createObjectNode();
    line.put("step", step);
    line.put("protocol", "knn");
    line.put("top1", measured.top1());
    line.put("top5", measured.top5());
    line.put("seconds", measured.seconds());
    return line;
  }

  /** Whether a line is one of {@link #underWay} for a step. */
  static boolean isUnderWay(JsonNode line, long step) {
    return line.path("step").asLong() == step
        && line.path("protocol").asText().equals("knn")
        && !line.has("features");
  }

  private static ObjectNode line(
      long step, String protocol, Settings settings, Outcome.Measured measured) {
    ObjectNode line = JSON.createObjectNode();
    line.put("step", step);
    line.put("protocol", protocol);
    line.put("features", measured.title());
    line.put("data", settings.source());
    line.put("top1", measured.top1());
    line.put("top5", measured.top5());
    line.put("seconds", measured.seconds());
    line.put(
        "at",
        OffsetDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS).toString());
    return line;
  }

  private EvaluationLog() {}
}
