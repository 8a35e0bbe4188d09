package io.urrl.actors.run;

import io.urrl.actors.plan.MicroBatchId;
import java.util.HashSet;
import java.util.Set;

/**
 * Micro-batches of open steps that gave NaN or infinity once. A micro-batch has the same bits
 * whoever computes it: one that is whole the second time tells of a fault in a worker's memory or
 * processor and not in the run.
 */
final class Suspects {
  private final Set<MicroBatchId> seen = new HashSet<>();

  /** Whether this is the first time for the micro-batch, which is then worth a second. */
  boolean isFirstTime(MicroBatchId id) {
    return seen.add(id);
  }

  /** Steps before {@code version} are closed. */
  void close(long version) {
    seen.removeIf(id -> id.step() < version);
  }

  void clear() {
    seen.clear();
  }
}
