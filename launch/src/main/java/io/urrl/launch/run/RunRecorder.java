package io.urrl.launch.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunEvent.CheckpointKept;
import io.urrl.actors.protocol.RunEvent.Failed;
import io.urrl.actors.protocol.RunEvent.Finished;
import io.urrl.actors.protocol.RunEvent.Notice;
import io.urrl.actors.protocol.RunEvent.Started;
import io.urrl.actors.protocol.RunEvent.StepClosed;
import io.urrl.actors.protocol.TrainerCommand;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Keeps a run's record and shows its progress: one line of {@code metrics.jsonl} and one of {@code
 * ledger.jsonl} for every step. A line is handed to the operating system before the trainer hears
 * that the step is recorded, and only recorded steps enter a checkpoint: whatever kills the
 * process, the record reaches at least as far as the newest checkpoint.
 *
 * <p>It runs on a pinned dispatcher, since it writes files.
 */
public final class RunRecorder {

  /** How a run ended. */
  public sealed interface Outcome {
    /**
     * All steps are done, or somebody asked for the end.
     *
     * @param version optimiser steps that are done
     * @param checkpoint the last checkpoint's directory
     */
    record Done(long version, boolean stopped, String checkpoint) implements Outcome {}

    /** The run could not go on. */
    record Broken(String text) implements Outcome {}
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonLines metrics;
  private final JsonLines ledger;
  private final RunView view;
  private final int batch;
  private final CompletableFuture<Outcome> outcome;
  private String checkpoint = "";
  private long lastStepAt;

  private RunRecorder(
      JsonLines metrics,
      JsonLines ledger,
      RunView view,
      int batch,
      CompletableFuture<Outcome> outcome) {
    this.metrics = metrics;
    this.ledger = ledger;
    this.view = view;
    this.batch = batch;
    this.outcome = outcome;
  }

  /**
   * @param view shows the run to a person
   * @param batch samples of a step
   * @param outcome is completed when the run is over
   */
  public static Behavior<RunEvent> create(
      JsonLines metrics,
      JsonLines ledger,
      RunView view,
      int batch,
      CompletableFuture<Outcome> outcome) {
    RunRecorder recorder = new RunRecorder(metrics, ledger, view, batch, outcome);
    return Behaviors.receive(RunEvent.class).onAnyMessage(recorder::on).build();
  }

  private Behavior<RunEvent> on(RunEvent event) {
    switch (event) {
      case Started started -> onStarted(started);
      case StepClosed closed -> onStepClosed(closed);
      case CheckpointKept kept -> {
        checkpoint = kept.path();
        view.checkpoint(kept.version(), kept.path());
      }
      case Notice notice -> view.notice(notice.text());
      case Finished finished ->
          outcome.complete(new Outcome.Done(finished.version(), finished.stopped(), checkpoint));
      case Failed failed -> outcome.complete(new Outcome.Broken(failed.text()));
    }
    return Behaviors.same();
  }

  private void onStarted(Started started) {
    try {
      metrics.truncateFrom(started.version());
      ledger.truncateFrom(started.version());
    } catch (IOException e) {
      outcome.complete(new Outcome.Broken(e.getMessage()));
    }
    lastStepAt = System.nanoTime();
    view.started(started.version(), started.steps(), started.origin());
  }

  private void onStepClosed(StepClosed closed) {
    long now = System.nanoTime();
    double pairsPerSecond = batch / ((now - lastStepAt) * 1e-9);
    lastStepAt = now;
    try {
      metrics.append(metricsOf(closed, pairsPerSecond));
      ledger.append(auditOf(closed));
      closed.replyTo().tell(new TrainerCommand.Recorded(closed.step() + 1));
    } catch (IOException e) {
      closed.replyTo().tell(new TrainerCommand.RecordFailed(e.getMessage()));
    }
    view.step(closed, pairsPerSecond);
  }

  private static ObjectNode metricsOf(StepClosed closed, double pairsPerSecond) {
    ObjectNode line = JSON.createObjectNode();
    line.put("step", closed.step());
    line.put("epoch", closed.epoch());
    line.put("loss", closed.loss());
    line.put("lr", closed.rate());
    line.put("accuracy", closed.accuracy());
    line.put("skipped", closed.skipped());
    line.put("pairs_per_second", pairsPerSecond);
    line.put("wait_views", sum(closed, TrainerCommand.Waits::views));
    line.put("wait_parameters", sum(closed, TrainerCommand.Waits::parameters));
    line.put("compute", sum(closed, TrainerCommand.Waits::compute));
    line.put("send", sum(closed, TrainerCommand.Waits::send));
    return line;
  }

  private static double sum(
      StepClosed closed, java.util.function.ToDoubleFunction<TrainerCommand.Waits> part) {
    return closed.audit().stream()
        .mapToDouble(contribution -> part.applyAsDouble(contribution.waits()))
        .sum();
  }

  private static ObjectNode auditOf(StepClosed closed) {
    ObjectNode line = JSON.createObjectNode();
    line.put("step", closed.step());
    line.put("skipped", closed.skipped());
    ArrayNode parts = line.putArray("micro_batches");
    for (RunEvent.Contribution contribution : closed.audit()) {
      parts
          .addObject()
          .put("worker", contribution.worker())
          .put("attempt", contribution.attempt())
          .put("version", contribution.version())
          .put("samples", Integer.toUnsignedString(contribution.samples(), 16));
    }
    return line;
  }
}
