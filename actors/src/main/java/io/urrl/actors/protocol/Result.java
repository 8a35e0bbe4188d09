package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.plan.MicroBatchId;
import java.util.List;

/**
 * What a worker says of a micro-batch that it computed. It travels behind the gradient over the
 * streams, so that the shard has both or none, and from there to the trainer.
 *
 * @param id what was computed
 * @param attempt number of the lease under which it was
 * @param worker name of the worker
 * @param version optimiser steps that the parameters had seen
 * @param loss mean loss of the micro-batch
 * @param accuracy fraction of its samples that the objective counts as right, for MoCo those whose
 *     positive key ranks first
 * @param nonFinite what holds NaN or infinity (the loss, or a gradient by its name), else empty;
 *     such a result comes without a gradient
 * @param samples digest of the samples that it was computed from, see {@link
 *     io.urrl.actors.plan.SampleDigest}
 * @param substitutes pictures that were read in the place of broken ones
 * @param digests of what went in and came out
 * @param waits where the worker's time went
 * @param backlog what the worker has in hand besides
 */
public record Result(
    MicroBatchId id,
    int attempt,
    String worker,
    long version,
    double loss,
    double accuracy,
    String nonFinite,
    int samples,
    List<Substitute> substitutes,
    Digests digests,
    Waits waits,
    Backlog backlog)
    implements WireMessage {

  /** Whether loss and gradient hold neither NaN nor infinity. */
  public boolean finite() {
    return nonFinite.isEmpty();
  }

  /**
   * Digests of one micro-batch, see {@link io.urrl.actors.tensor.TensorDigest}.
   *
   * @param views all views where they were made
   * @param state all that replicas hold of the version that it was computed at
   * @param gradient the whole gradient where it was computed
   */
  public record Digests(long views, long state, long gradient) implements WireMessage {}

  /**
   * A picture that cannot be read, and the one that was read in its place.
   *
   * @param asked sample of the broken picture
   * @param used sample of the other
   */
  public record Substitute(int asked, int used) implements WireMessage {}

  /**
   * Where the time of one micro-batch went, in seconds.
   *
   * @param views standing still for views
   * @param parameters standing still for parameters
   * @param compute forward and backward
   * @param send handing the gradient of the micro-batch before to the streams
   */
  public record Waits(double views, double parameters, double compute, double send)
      implements WireMessage {}

  /**
   * Micro-batches that a worker holds and has not begun.
   *
   * @param ready those whose views are all there
   * @param leases all of them
   */
  public record Backlog(int ready, int leases) implements WireMessage {}
}
