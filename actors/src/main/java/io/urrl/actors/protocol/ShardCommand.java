package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.stream.StreamAddress;
import org.apache.pekko.actor.typed.ActorRef;

/** What a parameter shard can be told. Each may come twice, late or not at all. */
public sealed interface ShardCommand {

  /**
   * Takes the shard into a term, if that is higher than any that it was in before: results of
   * earlier ones are dropped, the subscribers forgotten. Answered by {@link
   * TrainerCommand.TermJoined}, by {@link TrainerCommand.Standing} when the term is open, or by
   * {@link TrainerCommand.TermTaken}.
   *
   * @param slice the slice of the state that is this shard's in the term, from 0
   * @param slices how many there are
   */
  record BeginTerm(
      int term, RunBrief brief, int slice, int slices, ActorRef<TrainerCommand> trainer)
      implements ShardCommand, WireMessage {}

  /**
   * Opens a term at a version, when all its shards have joined it. Answered by {@link
   * TrainerCommand.Standing}.
   *
   * @param version to open at, {@link #NEWEST} for that of the newest whole checkpoint
   * @param keep whether the shard keeps the state that it holds, which is of that version; else it
   *     reads the checkpoint
   */
  record OpenTerm(int term, long version, boolean keep) implements ShardCommand, WireMessage {
    /** The newest whole checkpoint's version, or that of a fresh run. */
    public static final long NEWEST = -1;
  }

  /** Asks where the shard stands: answered by {@link TrainerCommand.Standing} to its trainer. */
  record Report(int term) implements ShardCommand, WireMessage {}

  /**
   * From now on every version goes to this worker. Said again at times; where the worker is behind
   * and nothing is on its way to it, the whole newest version follows. Answered by {@link
   * GpuWorkerCommand.Subscribed}.
   *
   * @param parameters the worker's receiving address
   * @param version that the worker has, -1 for none
   * @param follows whether the shard's broadcast comes to the worker: until then each change comes
   *     to its own address, too
   */
  record Subscribe(
      int term,
      ActorRef<GpuWorkerCommand> worker,
      StreamAddress parameters,
      long version,
      boolean follows)
      implements ShardCommand, WireMessage {}

  /**
   * Applies a step whose results are all here. Answered by {@link TrainerCommand.Standing}.
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
   * that version, the state as it is. The first slice's shard writes the checkpoint, out of its own
   * slice and those that the others have written. Answered by one of the trainer's checkpoint
   * messages.
   */
  record WriteCheckpoint(int term, long version) implements ShardCommand, WireMessage {}

  /** The shard's own events. */
  non-sealed interface Internal extends ShardCommand {}
}
