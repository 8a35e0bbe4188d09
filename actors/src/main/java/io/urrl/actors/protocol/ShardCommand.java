package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.stream.StreamAddress;
import org.apache.pekko.actor.typed.ActorRef;

/** What a parameter shard can be told. */
public sealed interface ShardCommand {

  /** Asks where the shard stands. */
  record Report(ActorRef<TrainerCommand> replyTo) implements ShardCommand, WireMessage {}

  /** Begins a term: gradients of earlier ones are dropped, the subscribers forgotten. */
  record BeginTerm(int term, RunBrief brief, ActorRef<TrainerCommand> trainer)
      implements ShardCommand, WireMessage {}

  /**
   * From now on every version goes to this worker; first of all a snapshot of the newest one.
   *
   * @param parameters the worker's receiving address
   */
  record Subscribe(int term, ActorRef<GpuWorkerCommand> worker, StreamAddress parameters)
      implements ShardCommand, WireMessage {}

  /**
   * Applies a step as soon as all its gradients are there.
   *
   * @param step the step, equal to the shard's version
   * @param rate learning rate
   * @param skip whether to leave the parameters as they are and only count the version
   * @param snapshot whether to keep a copy of the state after the step for {@link WriteCheckpoint}
   */
  record Apply(int term, long step, double rate, boolean skip, boolean snapshot)
      implements ShardCommand, WireMessage {}

  /**
   * Writes the copy that was kept at {@code version}; where none was kept and the shard stands at
   * that version, the state as it is.
   */
  record WriteCheckpoint(long version) implements ShardCommand, WireMessage {}

  /** The shard's own events. */
  non-sealed interface Internal extends ShardCommand {}
}
