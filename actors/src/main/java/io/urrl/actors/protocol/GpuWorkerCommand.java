package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.stream.BroadcastAddress;
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
   * @param shards one for each slice of the parameters, in their order
   */
  record Enlist(
      int term,
      RunBrief brief,
      ActorRef<TrainerCommand> trainer,
      List<ActorRef<ShardCommand>> shards,
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
   * @param slice the shard's slice of the parameters
   * @param results where the slice's gradients and the results go, and to the first slice's shard
   *     keys and statistics
   * @param changes where what changes with each step can be followed
   */
  record Subscribed(int term, int slice, StreamAddress results, BroadcastAddress changes)
      implements GpuWorkerCommand, WireMessage {}

  /** The worker's own events. */
  non-sealed interface Internal extends GpuWorkerCommand {}
}
