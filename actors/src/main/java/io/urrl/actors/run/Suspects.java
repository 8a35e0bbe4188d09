package io.urrl.actors.run;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Result;
import java.util.HashMap;
import java.util.Map;

/**
 * Micro-batches of open steps that gave NaN or infinity once. A micro-batch has the same bits
 * whoever computes it: one that is whole the second time tells of a fault in a worker's memory or
 * processor and not in the run.
 */
final class Suspects {
  private final Map<MicroBatchId, Integer> attempts = new HashMap<>();

  /** Whether this non-finite result was seen before. */
  boolean isKnown(Result result) {
    Integer attempt = attempts.get(result.id());
    return !result.finite() && attempt != null && result.attempt() <= attempt;
  }

  /** Whether this is the first time for the micro-batch, which is then worth a second. */
  boolean isFirstTime(Result result) {
    return attempts.putIfAbsent(result.id(), result.attempt()) == null;
  }

  /** Steps before {@code version} are closed. */
  void close(long version) {
    attempts.keySet().removeIf(id -> id.step() < version);
  }
}
