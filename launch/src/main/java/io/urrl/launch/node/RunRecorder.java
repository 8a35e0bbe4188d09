package io.urrl.launch.node;

import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunEvent.CheckpointKept;
import io.urrl.actors.protocol.RunEvent.Failed;
import io.urrl.actors.protocol.RunEvent.Finished;
import io.urrl.actors.protocol.RunEvent.Judged;
import io.urrl.actors.protocol.RunEvent.Notice;
import io.urrl.actors.protocol.RunEvent.Started;
import io.urrl.actors.protocol.RunEvent.StepClosed;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.launch.run.EvaluationLog;
import io.urrl.launch.run.RunFiles;
import io.urrl.launch.run.RunView;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Keeps a run's record and shows its progress: one line of {@code metrics.jsonl} and one of {@code
 * ledger.jsonl} for every step, one of {@code evaluations.jsonl} for every evaluation. A line is
 * handed to the operating system before the trainer hears that the step is recorded, and only
 * recorded steps enter a checkpoint: whatever kills the process, the record reaches at least as far
 * as the newest checkpoint.
 *
 * <p>What is told twice is written once: the files themselves say how far they reach, also to a
 * recorder that was started anew. Nothing of a term before the newest one is written.
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

  /** Evaluates checkpoints while the run goes on. */
  public interface Judge {
    /** Evaluates nothing. */
    Judge NONE = kept -> Optional.empty();

    /**
     * Begins an evaluation, if the checkpoint is due for one.
     *
     * @return what will come of it; empty when it is not due
     */
    Optional<CompletableFuture<EvaluationCommand.Outcome>> begin(CheckpointKept kept);
  }

  private final ActorContext<RunEvent> context;
  private final RunFiles files;
  private final RunView view;
  private final int batch;
  private final Judge judge;
  private final CompletableFuture<Outcome> outcome;
  private int term;

  /** Steps whose record is whole. */
  private long recorded;

  private int keptTerm;
  private long keptVersion = -1;
  private long lastStepAt;
  private int judging;
  private Outcome.Done done;

  private RunRecorder(
      ActorContext<RunEvent> context,
      RunFiles files,
      RunView view,
      int batch,
      Judge judge,
      CompletableFuture<Outcome> outcome) {
    this.context = context;
    this.files = files;
    this.view = view;
    this.batch = batch;
    this.judge = judge;
    this.outcome = outcome;
  }

  /**
   * @param view shows the run to a person
   * @param batch samples of a step
   * @param judge evaluates checkpoints
   * @param outcome is completed when the run and its evaluations are over
   */
  public static Behavior<RunEvent> create(
      RunFiles files, RunView view, int batch, Judge judge, CompletableFuture<Outcome> outcome) {
    return Behaviors.setup(
        context -> {
          RunRecorder recorder = new RunRecorder(context, files, view, batch, judge, outcome);
          recorder.open();
          return Behaviors.receive(RunEvent.class).onAnyMessage(recorder::on).build();
        });
  }

  private Behavior<RunEvent> on(RunEvent event) {
    switch (event) {
      case Started started -> onStarted(started);
      case StepClosed closed -> onStepClosed(closed);
      case CheckpointKept kept -> onCheckpointKept(kept);
      case Judged judged -> onJudged(judged);
      case Notice notice -> view.notice(notice.text());
      case Finished finished -> {
        finished.replyTo().tell(new TrainerCommand.Closed());
        done = new Outcome.Done(finished.version(), finished.stopped(), finished.checkpoint());
        completeWhenJudged();
      }
      case Failed failed -> {
        failed.replyTo().tell(new TrainerCommand.Closed());
        outcome.complete(new Outcome.Broken(failed.text()));
      }
    }
    return Behaviors.same();
  }

  private void open() {
    try {
      recorded = files.steps();
      term = files.term();
      files.truncateFrom(recorded);
    } catch (IOException e) {
      outcome.complete(new Outcome.Broken(e.getMessage()));
    }
    lastStepAt = System.nanoTime();
  }

  private void onStarted(Started started) {
    if (started.term() > term) {
      try {
        files.truncateFrom(started.version());
        files.evaluations().truncateFrom(started.version() + 1);
      } catch (IOException e) {
        started.replyTo().tell(new TrainerCommand.RecordFailed(e.getMessage()));
        return;
      }
      term = started.term();
      recorded = started.version();
      lastStepAt = System.nanoTime();
      view.started(started.version(), started.steps(), started.origin());
    }
    if (started.term() == term) {
      started.replyTo().tell(new TrainerCommand.RecordBegun(term));
    }
  }

  private void onStepClosed(StepClosed closed) {
    if (closed.term() < term) {
      return;
    }
    // A recorder that was started anew knows the term of what is written, which may be nothing yet.
    term = closed.term();
    if (closed.step() == recorded && !write(closed)) {
      return;
    }
    closed.replyTo().tell(new TrainerCommand.Recorded(term, recorded));
  }

  private boolean write(StepClosed closed) {
    long now = System.nanoTime();
    double pairsPerSecond = batch / ((now - lastStepAt) * 1e-9);
    lastStepAt = now;
    try {
      files.append(closed, pairsPerSecond);
    } catch (IOException e) {
      closed.replyTo().tell(new TrainerCommand.RecordFailed(e.getMessage()));
      return false;
    }
    recorded++;
    view.step(closed, pairsPerSecond);
    return true;
  }

  private void onCheckpointKept(CheckpointKept kept) {
    kept.replyTo().tell(new TrainerCommand.CheckpointNoted(kept.version()));
    boolean known =
        kept.term() < keptTerm || (kept.term() == keptTerm && kept.version() <= keptVersion);
    if (known) {
      return;
    }
    keptTerm = kept.term();
    keptVersion = kept.version();
    view.checkpoint(kept.version(), kept.path());
    judge
        .begin(kept)
        .ifPresent(
            verdict -> {
              judging++;
              context.pipeToSelf(
                  verdict,
                  (found, failure) ->
                      new Judged(
                          kept.version(),
                          failure == null
                              ? found
                              : new EvaluationCommand.Outcome.Failed(
                                  0, "step " + kept.version(), failure.getMessage())));
            });
  }

  private void onJudged(Judged judged) {
    judging--;
    view.judged(judged.version(), judged.outcome());
    if (judged.outcome() instanceof EvaluationCommand.Outcome.Measured measured) {
      try {
        files.evaluations().append(EvaluationLog.underWay(judged.version(), measured));
      } catch (IOException e) {
        view.notice(e.getMessage());
      }
    }
    completeWhenJudged();
  }

  /** Whoever asked for the end does not wait for evaluations. */
  private void completeWhenJudged() {
    if (done != null && (judging == 0 || done.stopped())) {
      outcome.complete(done);
    }
  }
}
