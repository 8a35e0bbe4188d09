package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the recorder of a run is told, mostly by the trainer. All but notices are told again until
 * they are answered; of an earlier term, nothing counts.
 */
public sealed interface RunEvent {

  /**
   * The run goes on at a version: the record of that step and all later ones is void. Answered by
   * {@link TrainerCommand.RecordBegun}.
   *
   * @param version optimiser steps that are done
   * @param steps optimiser steps in all
   * @param origin where the state came from, for people
   */
  record Started(
      int term, long version, long steps, String origin, ActorRef<TrainerCommand> replyTo)
      implements RunEvent, WireMessage {}

  /**
   * All gradients of a step are in and its update is decided. Told before the update, so that the
   * record is never behind the parameters. Answered by {@link TrainerCommand.Recorded}.
   *
   * @param step the step, from 0
   * @param epoch epoch of its first sample
   * @param loss mean of the micro-batches' losses
   * @param accuracy mean accuracy@1 of the contrastive task
   * @param rate learning rate
   * @param skipped whether a non-finite gradient left the parameters as they were
   * @param audit the micro-batches in order
   */
  record StepClosed(
      int term,
      long step,
      int epoch,
      double loss,
      double accuracy,
      double rate,
      boolean skipped,
      List<Result> audit,
      ActorRef<TrainerCommand> replyTo)
      implements RunEvent, WireMessage {}

  /** A checkpoint is whole on disk. Answered by {@link TrainerCommand.CheckpointNoted}. */
  record CheckpointKept(int term, long version, String path, ActorRef<TrainerCommand> replyTo)
      implements RunEvent, WireMessage {}

  /**
   * An evaluation of a checkpoint ended while the run goes on.
   *
   * @param version optimiser steps that its encoder had seen
   */
  record Judged(long version, EvaluationCommand.Outcome outcome)
      implements RunEvent, RunNews.Item {}

  /** Something that a person should know and that the run survives. */
  record Notice(String text) implements RunEvent, RunNews.Item {}

  /**
   * The run is over and its last checkpoint whole. Answered by {@link TrainerCommand.Closed}, when
   * those who watch have heard of it.
   *
   * @param version that a resumed run would begin at
   * @param stopped whether somebody asked for the end before all steps were done
   * @param checkpoint the last checkpoint's directory
   */
  record Finished(
      long version, boolean stopped, String checkpoint, ActorRef<TrainerCommand> replyTo)
      implements RunEvent, WireMessage {}

  /**
   * The run cannot go on; the text says why and what to do. Answered by {@link
   * TrainerCommand.Closed}, when those who watch have heard of it.
   */
  record Failed(String text, ActorRef<TrainerCommand> replyTo) implements RunEvent, WireMessage {}

  /**
   * Nobody waits for the evaluations that are not over; they can be repeated. May be said again.
   */
  record JudgeNoMore() implements RunEvent, WireMessage {}

  /** Augment workers that are there. */
  record AugmentWorkers(Set<ActorRef<AugmentCommand>> workers) implements RunEvent {
    /** Copies the set. */
    public AugmentWorkers {
      workers = Set.copyOf(workers);
    }
  }

  /**
   * How busy an augment worker was since it began. Nothing is lost with an answer that is lost: the
   * next one says it, too.
   *
   * @param busyMillis that it was making views; waiting for tasks, or for an asker that takes
   *     nothing, does not count
   * @param millis since it began
   */
  record AugmentLoad(ActorRef<AugmentCommand> worker, long busyMillis, long millis)
      implements RunEvent, WireMessage {}

  /** Stops, for a successor on another node that reads the record. */
  record HandOver() implements RunEvent {}

  /**
   * Somebody watches the run and wants to be told of it. Said again on every tick; answered by
   * {@link RunNews.Bulletin}.
   *
   * @param edition of the newest bulletin that was heard, 0 when none was
   * @param heard how many news of that edition were heard
   */
  record Watch(long edition, long heard, ActorRef<RunNews> watcher)
      implements RunEvent, WireMessage {}
}
