package io.urrl.gpu.worker;

import io.urrl.actors.plan.SampleDigest;
import io.urrl.actors.protocol.Result;
import io.urrl.gpu.pretext.MicroBatchResult;

/**
 * A micro-batch that was computed and is being sent, and what is to be said of it.
 *
 * @param slot its views
 * @param outgoing its way to the shards
 * @param viewWait seconds that the worker stood still for views before it
 * @param parameterWait seconds that it stood still for parameters
 * @param started when its computing began, in nanoseconds
 * @param computed when it ended
 */
record Sending(
    ViewSlot slot,
    MicroBatchResult result,
    Outgoing outgoing,
    double viewWait,
    double parameterWait,
    long started,
    long computed) {

  /** What the worker says when the gradient has gone. */
  Result report(String worker, long now, Result.Backlog backlog) {
    return new Result(
        outgoing.lease().id(),
        outgoing.lease().attempt(),
        worker,
        outgoing.version(),
        result.loss(),
        result.accuracy1(),
        result.nonFinite(),
        SampleDigest.of(slot.draws()),
        slot.substitutes(),
        new Result.Digests(slot.digest(), outgoing.stateDigest(), result.gradientDigest()),
        new Result.Waits(
            viewWait, parameterWait, (computed - started) * 1e-9, (now - computed) * 1e-9),
        backlog);
  }
}
