package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the trainer tells those who keep the record of a run and show it. */
public sealed interface RunEvent {

  /**
   * The run goes on at a version: the record of that step and all later ones is void.
   *
   * @param version optimiser steps that are done
   * @param steps optimiser steps in all
   * @param origin where the state came from, for people
   */
  record Started(long version, long steps, String origin) implements RunEvent, WireMessage {}

  /**
   * All gradients of a step are in and its update is decided. Told before the update, so that the
   * record is never behind the parameters.
   *
   * @param step the step, from 0
   * @param epoch epoch of its first sample
   * @param loss mean of the micro-batches' losses
   * @param accuracy mean accuracy@1 of the contrastive task
   * @param rate learning rate
   * @param skipped whether a non-finite gradient left the parameters as they were
   * @param audit the micro-batches in order
   * @param replyTo gets {@link TrainerCommand.Recorded} once the step is on disk
   */
  record StepClosed(
      long step,
      int epoch,
      double loss,
      double accuracy,
      double rate,
      boolean skipped,
      List<Contribution> audit,
      ActorRef<TrainerCommand> replyTo)
      implements RunEvent, WireMessage {}

  /**
   * One micro-batch's part in a step.
   *
   * @param worker path of the worker
   * @param attempt number of the lease that counted
   * @param version optimiser steps that its parameters had seen
   * @param samples digest of its samples, see {@link io.urrl.actors.plan.SampleDigest}
   * @param substitutes pictures that were read in the place of broken ones
   * @param digests of what went in and came out
   * @param waits where the worker's time went
   * @param backlog what the worker had in hand besides
   */
  record Contribution(
      String worker,
      int attempt,
      long version,
      int samples,
      List<TrainerCommand.Substitute> substitutes,
      TrainerCommand.Digests digests,
      TrainerCommand.Waits waits,
      TrainerCommand.Backlog backlog)
      implements WireMessage {}

  /** A checkpoint is whole on disk. */
  record CheckpointKept(long version, String path) implements RunEvent, WireMessage {}

  /**
   * An evaluation of a checkpoint ended while the run goes on.
   *
   * @param version optimiser steps that its encoder had seen
   */
  record Judged(long version, EvaluationCommand.Outcome outcome) implements RunEvent, WireMessage {}

  /** Something that a person should know and that the run survives. */
  record Notice(String text) implements RunEvent, WireMessage {}

  /**
   * The run is over and its last checkpoint whole.
   *
   * @param stopped whether somebody asked for the end before all steps were done
   */
  record Finished(long version, boolean stopped) implements RunEvent, WireMessage {}

  /** The run cannot go on; the text says why and what to do. */
  record Failed(String text) implements RunEvent, WireMessage {}
}
