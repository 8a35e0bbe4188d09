package io.urrl.launch.node;

import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunEvent.AugmentLoad;
import io.urrl.actors.protocol.RunEvent.AugmentWorkers;
import io.urrl.actors.protocol.RunEvent.CheckpointKept;
import io.urrl.actors.protocol.RunEvent.Failed;
import io.urrl.actors.protocol.RunEvent.Finished;
import io.urrl.actors.protocol.RunEvent.JudgeNoMore;
import io.urrl.actors.protocol.RunEvent.Judged;
import io.urrl.actors.protocol.RunEvent.Notice;
import io.urrl.actors.protocol.RunEvent.Started;
import io.urrl.actors.protocol.RunEvent.StepClosed;
import io.urrl.actors.protocol.RunEvent.Watch;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.RunNews.Outcome;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.launch.run.RunFiles;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Keeps a run's record: one line of {@code metrics.jsonl} and one of {@code ledger.jsonl} for every
 * step, one of {@code evaluations.jsonl} for every evaluation. A line is handed to the operating
 * system before the trainer hears that the step is recorded, and only recorded steps enter a
 * checkpoint: whatever kills the process, the record reaches at least as far as the newest
 * checkpoint.
 *
 * <p>What is told twice is written once: the files themselves say how far they reach, also to a
 * recorder that was started anew, here or on another node. Nothing of a term before the newest one
 * is written.
 *
 * <p>Since it hears of every step and where its time went, it also says who waits for whom ({@link
 * FeedingWatch}).
 *
 * <p>Who watches the run is told what happens. The trainer is told of the end until somebody has
 * heard of it, so that the end outlives a recorder.
 *
 * <p>It runs on a pinned dispatcher, since it writes files.
 */
public final class RunRecorder {

  /** Opens the record of a run. */
  @FunctionalInterface
  public interface Opening {
    /** Opens its files, which are this recorder's alone. */
    RunFiles open() throws IOException;

    /**
     * The newest term that any trainer has begun, here or on another node; 0 where there are no
     * others.
     */
    default int newestTerm() throws IOException {
      return 0;
    }
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
  private final Opening opening;
  private final int batch;
  private final Judge judge;
  private final News news;
  private final LongSupplier nanos;
  private final FeedingWatch feeding;

  /** Null when they cannot be opened. */
  private RunFiles files;

  /** Why they cannot. */
  private String hindrance = "";

  private int term;

  /** Steps whose record is whole. */
  private long recorded;

  private int keptTerm;
  private long keptVersion = -1;
  private long lastStepAt;

  /** Checkpoints whose evaluations are under way, by version. */
  private final Map<Long, String> judging = new TreeMap<>();

  private boolean judgesNoMore;

  private Outcome.Done done;

  /** News with the end of the run, 0 before it. */
  private long end;

  private RunRecorder(
      ActorContext<RunEvent> context, Opening opening, int batch, Judge judge, LongSupplier nanos) {
    this.context = context;
    this.opening = opening;
    this.batch = batch;
    this.judge = judge;
    this.nanos = nanos;
    feeding = new FeedingWatch(context, nanos.getAsLong());
    news = new News(context);
  }

  /**
   * @param opening opens the record
   * @param batch samples of a step
   * @param judge evaluates checkpoints
   * @param nanos a clock in nanoseconds of any origin
   */
  public static Behavior<RunEvent> create(
      Opening opening, int batch, Judge judge, LongSupplier nanos) {
    return Behaviors.setup(
        context -> {
          RunRecorder recorder = new RunRecorder(context, opening, batch, judge, nanos);
          recorder.open();
          return Behaviors.receive(RunEvent.class)
              .onAnyMessage(recorder::on)
              .onSignal(Terminated.class, recorder::onTerminated)
              .onSignal(PreRestart.class, signal -> recorder.onStop())
              .onSignal(PostStop.class, signal -> recorder.onStop())
              .build();
        });
  }

  private Behavior<RunEvent> on(RunEvent event) {
    switch (event) {
      case Started started -> onStarted(started);
      case StepClosed closed -> onStepClosed(closed);
      case CheckpointKept kept -> onCheckpointKept(kept);
      case Judged judged -> onJudged(judged);
      case Notice notice -> news.tell(notice);
      case AugmentWorkers workers -> feeding.on(workers);
      case AugmentLoad load -> feeding.on(load, nanos.getAsLong());
      case Watch watch -> news.onWatch(watch);
      case JudgeNoMore end -> judgeNoMore();
      case RunEvent.HandOver handOver -> {
        return Behaviors.stopped();
      }
      case Finished finished -> {
        done = new Outcome.Done(finished.version(), finished.stopped(), finished.checkpoint());
        endWhenJudged();
        answerEnd(finished.replyTo());
      }
      case Failed failed -> {
        end(new Outcome.Broken(failed.text()));
        answerEnd(failed.replyTo());
      }
    }
    return Behaviors.same();
  }

  private void open() {
    try {
      files = opening.open();
      recorded = files.steps();
      term = files.term();
      files.truncateFrom(recorded);
    } catch (IOException e) {
      hindrance = e.getMessage();
      end(new Outcome.Broken(hindrance));
    }
    lastStepAt = nanos.getAsLong();
  }

  /**
   * Whether another recorder is at work by now: this one was stopped for so long that the cluster
   * went on without its node. It writes nothing any more.
   */
  private boolean isForgotten(int of) throws IOException {
    return opening.newestTerm() > of;
  }

  private void onStarted(Started started) {
    if (files == null) {
      started.replyTo().tell(new TrainerCommand.RecordFailed(hindrance));
      return;
    }
    if (started.term() > term) {
      try {
        if (isForgotten(started.term())) {
          return;
        }
        files.truncateFrom(started.version());
        files.evaluations().truncateFrom(started.version() + 1);
      } catch (IOException e) {
        started.replyTo().tell(new TrainerCommand.RecordFailed(e.getMessage()));
        return;
      }
      term = started.term();
      recorded = started.version();
      feeding.restart();
      lastStepAt = nanos.getAsLong();
      news.tell(new RunNews.Began(started.version(), started.steps(), started.origin()));
    }
    if (started.term() == term) {
      started.replyTo().tell(new TrainerCommand.RecordBegun(term));
    }
  }

  private void onStepClosed(StepClosed closed) {
    if (closed.term() < term) {
      return;
    }
    if (files == null) {
      closed.replyTo().tell(new TrainerCommand.RecordFailed(hindrance));
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
    long now = nanos.getAsLong();
    double pairsPerSecond = batch / ((now - lastStepAt) * 1e-9);
    lastStepAt = now;
    Optional<String> waiting = feeding.step(closed, now);
    try {
      if (isForgotten(closed.term())) {
        return false;
      }
      files.append(closed, pairsPerSecond, feeding.report());
    } catch (IOException e) {
      closed.replyTo().tell(new TrainerCommand.RecordFailed(e.getMessage()));
      return false;
    }
    recorded++;
    news.tell(new RunNews.Stepped(closed, pairsPerSecond));
    waiting.ifPresent(text -> news.tell(new Notice(text)));
    return true;
  }

  private void onCheckpointKept(CheckpointKept kept) {
    kept.replyTo().tell(new TrainerCommand.CheckpointNoted(kept.version()));
    boolean known =
        kept.term() < keptTerm || (kept.term() == keptTerm && kept.version() <= keptVersion);
    if (known || files == null) {
      return;
    }
    keptTerm = kept.term();
    keptVersion = kept.version();
    news.tell(new RunNews.Kept(kept.version(), kept.path()));
    if (!judgesNoMore) {
      judge.begin(kept).ifPresent(verdict -> await(kept, verdict));
    }
  }

  private void await(CheckpointKept kept, CompletableFuture<EvaluationCommand.Outcome> verdict) {
    long version = kept.version();
    judging.put(version, kept.path());
    context.pipeToSelf(
        verdict,
        (found, failure) ->
            new Judged(
                version,
                failure == null
                    ? found
                    : new EvaluationCommand.Outcome.Failed(
                        0, "step " + version, failure.getMessage())));
  }

  private void judgeNoMore() {
    judgesNoMore = true;
    new TreeMap<>(judging).forEach(this::giveUp);
  }

  private void giveUp(long version, String checkpoint) {
    onJudged(
        new Judged(
            version,
            new EvaluationCommand.Outcome.Failed(
                0,
                "step " + version,
                "given up for the stop; urrl evaluate knn --checkpoint " + checkpoint)));
  }

  private void onJudged(Judged judged) {
    if (judging.remove(judged.version()) == null) {
      return;
    }
    news.tell(judged);
    if (judged.outcome() instanceof EvaluationCommand.Outcome.Measured measured) {
      try {
        files.appendVerdict(judged.version(), measured);
      } catch (IOException e) {
        news.tell(new Notice(e.getMessage()));
      }
    }
    endWhenJudged();
  }

  /** Whoever asked for the end does not wait for evaluations. */
  private void endWhenJudged() {
    if (done != null && (judging.isEmpty() || done.stopped())) {
      end(done);
    }
  }

  private void end(Outcome outcome) {
    if (end == 0) {
      end = news.tell(outcome);
    }
  }

  private void answerEnd(ActorRef<TrainerCommand> trainer) {
    if (end > 0 && news.heard(end)) {
      trainer.tell(new TrainerCommand.Closed());
    }
  }

  private Behavior<RunEvent> onTerminated(Terminated gone) {
    news.onTerminated(gone);
    return Behaviors.same();
  }

  private Behavior<RunEvent> onStop() {
    if (files != null) {
      try {
        files.close();
      } catch (IOException e) {
        context.getLog().warn("the record cannot be closed: {}", e.getMessage());
      }
    }
    return Behaviors.same();
  }
}
