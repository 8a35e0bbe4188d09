package io.urrl.actors.run;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Result;
import java.util.HashMap;
import java.util.Map;

/**
 * Micro-batches of open steps that gave NaN or infinity once, or whose worker died. A micro-batch
 * has the same bits whoever computes it: one that is whole the second time tells of a fault in a
 * worker's memory or processor and not in the run; one that takes worker after worker with it would
 * do so for ever.
 */
final class Suspects {
  /** Workers that one micro-batch may take with it. */
  static final int MOST_DEATHS = 5;

  private final Map<MicroBatchId, Integer> attempts = new HashMap<>();
  private final Map<MicroBatchId, Integer> deaths = new HashMap<>();

  /** Whether this non-finite result was seen before. */
  boolean isKnown(Result result) {
    Integer attempt = attempts.get(result.id());
    return !result.finite() && attempt != null && result.attempt() <= attempt;
  }

  /** Whether this is the first time for the micro-batch, which is then worth a second. */
  boolean isFirstTime(Result result) {
    return attempts.putIfAbsent(result.id(), result.attempt()) == null;
  }

  /**
   * A worker died that held a micro-batch, and no earlier one.
   *
   * @return whether it has taken so many with it that the next one would be no other's
   */
  boolean isDeadly(MicroBatchId id) {
    return deaths.merge(id, 1, Integer::sum) >= MOST_DEATHS;
  }

  /** Steps before {@code version} are closed. */
  void close(long version) {
    deaths.keySet().removeIf(id -> id.step() < version);
    attempts.keySet().removeIf(id -> id.step() < version);
  }
}
