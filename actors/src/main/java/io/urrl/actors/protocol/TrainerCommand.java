package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.plan.MicroBatchId;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the trainer can be told. */
public sealed interface TrainerCommand {

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
   * A micro-batch was computed and its gradient handed to the streams.
   *
   * @param version optimiser steps that the parameters had seen
   * @param loss mean contrastive loss of the micro-batch
   * @param accuracy fraction of its samples whose positive key ranks first
   * @param nonFinite what holds NaN or infinity (the loss, or a gradient by its name), else empty
   * @param samples digest of the samples that it was computed from, as their views named themselves
   * @param substitutes pictures that were read in the place of broken ones
   * @param digests of what went in and came out
   * @param waits where the worker's time went
   * @param backlog what the worker has in hand besides
   */
  record Trained(
      ActorRef<GpuWorkerCommand> worker,
      int term,
      Lease lease,
      long version,
      double loss,
      double accuracy,
      String nonFinite,
      int samples,
      List<Substitute> substitutes,
      Digests digests,
      Waits waits,
      Backlog backlog)
      implements TrainerCommand, WireMessage {

    /** Whether loss and gradient hold neither NaN nor infinity. */
    public boolean finite() {
      return nonFinite.isEmpty();
    }
  }

  /**
   * Digests of one micro-batch, see {@link io.urrl.actors.tensor.TensorDigest}.
   *
   * @param views all views where they were made
   * @param state query encoder, key encoder and queue that it was computed at
   * @param gradient the whole gradient where it was computed
   */
  record Digests(long views, long state, long gradient) implements WireMessage {}

  /**
   * A picture that cannot be read, and the one that was read in its place.
   *
   * @param asked sample of the broken picture
   * @param used sample of the other
   */
  record Substitute(int asked, int used) implements WireMessage {}

  /**
   * Where the time of one micro-batch went, in seconds.
   *
   * @param views standing still for views
   * @param parameters standing still for parameters
   * @param compute forward and backward
   * @param send handing the gradient to the streams
   */
  record Waits(double views, double parameters, double compute, double send)
      implements WireMessage {}

  /**
   * Micro-batches that a worker holds and has not begun.
   *
   * @param ready those whose views are all there
   * @param leases all of them
   */
  record Backlog(int ready, int leases) implements WireMessage {}

  /**
   * Memory changed where nothing may change it, and the work is done again.
   *
   * @param text who found what in which step, for people
   */
  record Damaged(int term, String text) implements TrainerCommand, WireMessage {}

  /** A worker cannot keep a lease: its views or its streams failed. The work goes to another. */
  record Returned(ActorRef<GpuWorkerCommand> worker, int term, Lease lease, String reason)
      implements TrainerCommand, WireMessage {}

  /**
   * What a shard stands at: the answer to {@link ShardCommand.Report}.
   *
   * @param version optimiser steps applied
   * @param term highest term seen
   * @param origin where the state came from, for people
   */
  record ShardStatus(ActorRef<ShardCommand> shard, long version, int term, String origin)
      implements TrainerCommand, WireMessage {}

  /** A shard applied a step and stands at {@code version}. */
  record Applied(int term, long version) implements TrainerCommand, WireMessage {}

  /** A shard was told to apply a step long ago and still lacks this part of it. */
  record Missing(int term, MicroBatchId id) implements TrainerCommand, WireMessage {}

  /** A checkpoint is whole on disk. */
  record CheckpointWritten(long version, String path) implements TrainerCommand, WireMessage {}

  /** A checkpoint could not be written; the text names the file and the remedy. */
  record CheckpointFailed(long version, String text) implements TrainerCommand, WireMessage {}

  /** The record of all steps before {@code steps} is on disk. */
  record Recorded(long steps) implements TrainerCommand, WireMessage {}

  /** The record could not be kept; the text names the file and the remedy. */
  record RecordFailed(String text) implements TrainerCommand, WireMessage {}

  /** What augment workers say of a task to whoever asked for its views. */
  sealed interface ViewReport extends TrainerCommand, WireMessage {}

  /** A picture could not be decoded; another one took its place. */
  record PictureBroken(int sample, String name, String reason) implements ViewReport {}

  /**
   * A task's views could not be made. The task was not confirmed: it goes to another worker, or to
   * the successor of the one that reports this.
   *
   * @param task which one
   * @param text for people; names the picture and the reason
   */
  record ViewsFailed(TaskId task, String text) implements ViewReport {}

  /**
   * Names a view task towards the one that asked for it.
   *
   * @param step step, or the asker's job
   * @param index micro-batch within the step, or block within the job
   * @param place place of the task's first sample
   */
  record TaskId(long step, int index, int place) implements WireMessage {}

  /** Writes a checkpoint at the next step's end and finishes. */
  record Stop() implements TrainerCommand, WireMessage {}

  /** The trainer's own events. */
  non-sealed interface Internal extends TrainerCommand {}
}
