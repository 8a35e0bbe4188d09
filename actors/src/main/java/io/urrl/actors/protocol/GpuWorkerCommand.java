package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.stream.StreamAddress;
import org.apache.pekko.actor.typed.ActorRef;

/** What a GPU worker can be told. */
public sealed interface GpuWorkerCommand {

  /**
   * Takes the worker into a run, or into a new term of it. All leases of earlier terms are void.
   *
   * @param term fencing number: chunks of earlier terms are dropped everywhere
   */
  record Enlist(
      int term,
      RunBrief brief,
      ActorRef<TrainerCommand> trainer,
      ActorRef<ShardCommand> shard,
      ActorRef<SupplyCommand> supply)
      implements GpuWorkerCommand, WireMessage {}

  /** Grants a lease. */
  record Grant(int term, Lease lease) implements GpuWorkerCommand, WireMessage {}

  /** Takes a lease back, for instance because its deadline passed. */
  record Revoke(int term, Lease lease) implements GpuWorkerCommand, WireMessage {}

  /**
   * A shard's answer to a subscription.
   *
   * @param gradients where gradients, keys and statistics go
   */
  record Subscribed(int term, StreamAddress gradients) implements GpuWorkerCommand, WireMessage {}

  /** The worker's own events. */
  non-sealed interface Internal extends GpuWorkerCommand {}
}
