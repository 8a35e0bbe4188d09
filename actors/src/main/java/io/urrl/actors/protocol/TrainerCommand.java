package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the trainer can be told. Each message says how things stand, not what changed: it may come
 * twice, late or not at all, and the next one says it again.
 */
public sealed interface TrainerCommand {

  /**
   * A shard has seen a term at least as high as the one that was to begin: the answer to a {@link
   * ShardCommand.BeginTerm} that comes too late.
   *
   * @param highest term that was begun here, in this process or an earlier one
   */
  record TermTaken(ActorRef<ShardCommand> shard, int highest)
      implements TrainerCommand, WireMessage {}

  /**
   * A shard is in a term and waits to be told at which version that opens.
   *
   * @param heldTerm term in which the slice that it is to have came to be what the shard holds of
   *     it, 0 when it holds nothing of use
   * @param heldVersion version of that
   */
  record TermJoined(ActorRef<ShardCommand> shard, int term, int heldTerm, long heldVersion)
      implements TrainerCommand, WireMessage {}

  /**
   * Where a shard stands in a term. Told when the term is opened, when a result has come, when a
   * step was applied, and when it is asked for.
   *
   * @param version optimiser steps applied
   * @param saved version of the newest whole checkpoint, 0 when there is none
   * @param checkpoint its directory, empty when there is none
   * @param origin where the state came from, for people
   * @param results of all micro-batches of step {@code version} and later ones that are here whole;
   *     of each the first finite one, else the newest
   */
  record Standing(
      ActorRef<ShardCommand> shard,
      int term,
      long version,
      long saved,
      String checkpoint,
      String origin,
      List<Result> results)
      implements TrainerCommand, WireMessage {}

  /** A shard cannot begin a term or go on with it; the text names the file and the remedy. */
  record ShardFailed(int term, String text) implements TrainerCommand, WireMessage {}

  /**
   * A worker took up its term and computes at most {@code capacity} leases at a time.
   *
   * @param device the worker's device, for people
   */
  record Enlisted(ActorRef<GpuWorkerCommand> worker, int term, int capacity, String device)
      implements TrainerCommand, WireMessage {}

  /** A worker would compute other bits than the run's, and takes no part in it. */
  record Refused(ActorRef<GpuWorkerCommand> worker, int term, String text)
      implements TrainerCommand, WireMessage {}

  /**
   * What a worker has done of what it holds.
   *
   * @param sent leases whose results were handed to the streams as a whole
   */
  record Working(ActorRef<GpuWorkerCommand> worker, int term, List<Lease> sent)
      implements TrainerCommand, WireMessage {}

  /** A worker cannot keep a lease. The work goes to another. */
  record Returned(ActorRef<GpuWorkerCommand> worker, int term, Lease lease, String reason)
      implements TrainerCommand, WireMessage {}

  /**
   * Memory changed where nothing may change it, and the work is done again.
   *
   * @param text who found what in which step, for people
   */
  record Damaged(int term, String text) implements TrainerCommand, WireMessage {}

  /** A shard's slice of a checkpoint is on disk, for the first slice's shard to gather. */
  record SliceWritten(ActorRef<ShardCommand> shard, int term, long version)
      implements TrainerCommand, WireMessage {}

  /** A checkpoint is whole on disk. */
  record CheckpointWritten(int term, long version, String path)
      implements TrainerCommand, WireMessage {}

  /** A checkpoint could not be written; the text names the file and the remedy. */
  record CheckpointFailed(int term, long version, String text)
      implements TrainerCommand, WireMessage {}

  /**
   * The copy of a state that was to be written is no longer what it was, or is not there. The state
   * itself is: a later version can be written.
   */
  record CheckpointDropped(int term, long version, String text)
      implements TrainerCommand, WireMessage {}

  /** The record waits for the steps of a term. */
  record RecordBegun(int term) implements TrainerCommand, WireMessage {}

  /** The record of all steps before {@code steps} is on disk. */
  record Recorded(int term, long steps) implements TrainerCommand, WireMessage {}

  /** The recorder knows of a checkpoint. */
  record CheckpointNoted(long version) implements TrainerCommand, WireMessage {}

  /** The record could not be kept; the text names the file and the remedy. */
  record RecordFailed(String text) implements TrainerCommand, WireMessage {}

  /** The recorder knows that the run is over, and so does whoever watches it. */
  record Closed() implements TrainerCommand, WireMessage {}

  /** What augment workers say of a task to whoever asked for its views. */
  sealed interface ViewReport extends TrainerCommand, WireMessage {}

  /** A picture could not be decoded; another one took its place. */
  record PictureBroken(int sample, String name, String reason) implements ViewReport {}

  /**
   * A task's views could not be made. The task was not confirmed: it goes to another worker, or to
   * the successor of the one that reports this.
   *
   * @param task which one
   * @param worker who tried
   * @param text for people; names the picture and the reason
   */
  record ViewsFailed(TaskId task, String worker, String text) implements ViewReport {}

  /**
   * A worker's host does not see the run's data: it has other data in that place, or none. The task
   * goes to another worker; this one tries again with its next task.
   *
   * @param worker who refuses
   * @param text for people; names both fingerprints, or what is missing
   */
  record DataRefused(String worker, String text) implements ViewReport {}

  /**
   * Names a view task towards the one that asked for it.
   *
   * @param step step, or the asker's job
   * @param index micro-batch within the step, or block within the job
   * @param place place of the task's first sample
   */
  record TaskId(long step, int index, int place) implements WireMessage {}

  /** Writes a checkpoint at the next step's end and finishes. May be said again. */
  record Stop() implements TrainerCommand, WireMessage {}

  /** The trainer's own events. */
  non-sealed interface Internal extends TrainerCommand {}
}
