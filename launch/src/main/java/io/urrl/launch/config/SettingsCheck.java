package io.urrl.launch.config;

import io.urrl.actors.protocol.RunBrief.EncoderBrief;
import io.urrl.augment.transform.ViewRecipe;
import io.urrl.gpu.nn.CpuInstructions;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.launch.UsageException;
import java.util.List;

/** What settings must fulfil beyond their kinds: ranges, and what must go together. */
final class SettingsCheck {
  private static final List<String> SCHEDULES = List.of("cosine", "step", "constant");

  private SettingsCheck() {}

  /**
   * Checks all settings before anything is opened or written.
   *
   * @throws UsageException with the first that does not fit, by the name of its key
   */
  static void check(Settings settings) {
    encoder(settings);
    batches(settings.train());
    optimiser(settings.train());
    workers(settings.workers());
    evaluation(settings.evaluate());
    atLeast(0, settings.checkpointEvery(), "checkpoint.every");
    atLeast(1, settings.checkpointKeep(), "checkpoint.keep");
    require(
        settings.maxBroken() >= 0 && settings.maxBroken() <= 1,
        "data.max-broken is a fraction from 0 to 1, not " + settings.maxBroken());
    require(!settings.source().isBlank(), "data.source is empty; give shapes or a directory");
  }

  private static void encoder(Settings settings) {
    EncoderBrief encoder = settings.encoder();
    atLeast(8, settings.imageSize(), "encoder.image-size");
    atLeast(1, encoder.width(), "encoder.width");
    atLeast(0, encoder.hidden(), "encoder.hidden");
    atLeast(1, encoder.dim(), "encoder.dim");
    EncoderSpec.moco(
        encoder.arch(), encoder.width(), encoder.stem(), encoder.hidden(), encoder.dim());
    ViewRecipe.named(settings.recipe(), settings.imageSize());
  }

  private static void batches(Settings.Train train) {
    atLeast(1, train.epochs(), "train.epochs");
    atLeast(0, train.maxSteps(), "train.max-steps");
    atLeast(1, train.batch(), "train.batch");
    atLeast(1, train.microBatch(), "train.micro-batch");
    atLeast(1, train.groups(), "train.bn-groups");
    atLeast(0, train.staleness(), "train.staleness");
    require(
        train.batch() % train.microBatch() == 0,
        "batch %d is not a multiple of micro-batch %d"
            .formatted(train.batch(), train.microBatch()));
    require(
        train.microBatch() % train.groups() == 0,
        "micro-batch %d is not a multiple of bn-groups %d"
            .formatted(train.microBatch(), train.groups()));
    require(
        train.queue() >= train.batch(),
        "queue %d cannot hold the keys of one batch of %d".formatted(train.queue(), train.batch()));
  }

  private static void optimiser(Settings.Train train) {
    require(
        SCHEDULES.contains(train.schedule()),
        "train.schedule %s is unknown: give %s"
            .formatted(train.schedule(), String.join(", ", SCHEDULES)));
    atLeast(0, train.warmupSteps(), "train.warmup-steps");
    require(train.lr() > 0, "train.lr must be positive, not " + train.lr());
    require(
        train.temperature() > 0, "train.temperature must be positive, not " + train.temperature());
    require(
        train.momentum() >= 0 && train.momentum() <= 1,
        "train.momentum must be from 0 to 1, not " + train.momentum());
    require(
        train.sgdMomentum() >= 0 && train.sgdMomentum() < 1,
        "train.sgd-momentum must be from 0 to below 1, not " + train.sgdMomentum());
    require(train.weightDecay() >= 0, "train.weight-decay must not be negative");
  }

  private static void workers(Settings.Workers workers) {
    atLeast(1, workers.gpu(), "workers.gpu");
    atLeast(1, workers.augment(), "workers.augment");
    atLeast(0, workers.tensorThreads(), "workers.tensor-threads");
    require(
        CpuInstructions.names().contains(workers.tensorIsa()),
        "workers.tensor-isa %s is unknown: give %s"
            .formatted(workers.tensorIsa(), String.join(", ", CpuInstructions.names())));
    atLeast(1, workers.prefetch(), "workers.prefetch");
    atLeast(1, workers.samplesPerTask(), "workers.samples-per-task");
  }

  private static void evaluation(Settings.Evaluate evaluate) {
    atLeast(0, evaluate.knnEvery(), "evaluate.knn-every");
    atLeast(1, evaluate.knnNeighbours(), "evaluate.knn-neighbours");
    require(evaluate.knnTemperature() > 0, "evaluate.knn-temperature must be positive");
    atLeast(1, evaluate.linearEpochs(), "evaluate.linear.epochs");
    require(evaluate.linearRate() >= 0, "evaluate.linear.lr must not be negative");
    atLeast(1, evaluate.linearBatch(), "evaluate.linear.batch");
  }

  private static void atLeast(long least, long value, String key) {
    require(value >= least, "%s must be at least %d, not %d".formatted(key, least, value));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new UsageException(otherwise);
    }
  }
}
