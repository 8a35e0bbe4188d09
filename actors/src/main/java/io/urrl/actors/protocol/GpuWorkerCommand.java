package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.stream.StreamAddress;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What a GPU worker can be told. */
public sealed interface GpuWorkerCommand {

  /**
   * Takes the worker into a run, or into a new term of it. All leases of earlier terms are void.
   * Given again until the worker answers {@link TrainerCommand.Enlisted} or {@link
   * TrainerCommand.Refused}.
   *
   * @param term fencing number: messages and chunks of earlier terms are dropped everywhere
   */
  record Enlist(
      int term,
      RunBrief brief,
      ActorRef<TrainerCommand> trainer,
      ActorRef<ShardCommand> shard,
      ActorRef<SupplyCommand> supply)
      implements GpuWorkerCommand, WireMessage {}

  /**
   * The leases that the worker holds from now on: all of them. What it had and is not among them is
   * void. Answered by {@link TrainerCommand.Working}.
   *
   * @param order counts these messages within a term; an earlier one that comes late is void
   */
  record Hold(int term, long order, List<Lease> leases) implements GpuWorkerCommand, WireMessage {}

  /**
   * A shard's answer to a subscription.
   *
   * @param results where gradients, keys, statistics and results go
   */
  record Subscribed(int term, StreamAddress results) implements GpuWorkerCommand, WireMessage {}

  /** The worker's own events. */
  non-sealed interface Internal extends GpuWorkerCommand {}
}
