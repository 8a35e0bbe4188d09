package io.urrl.actors.run;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import java.util.List;

/** Results of micro-batches that nobody computed, for tests. */
final class Results {
  private Results() {}

  static Lease lease(long step, int index, int attempt) {
    return new Lease(new MicroBatchId(step, index), attempt);
  }

  /** A whole result of a lease. */
  static Result of(Lease lease) {
    return of(lease, "");
  }

  /**
   * A result of a lease.
   *
   * @param nonFinite what holds NaN or infinity, else empty
   */
  static Result of(Lease lease, String nonFinite) {
    return new Result(
        lease.id(),
        lease.attempt(),
        "worker",
        lease.id().step(),
        nonFinite.isEmpty() ? 2 : Double.NaN,
        0.5,
        nonFinite,
        7,
        List.of(),
        new Result.Digests(1, 2, 3),
        new Result.Waits(0, 0, 0, 0),
        new Result.Backlog(0, 0));
  }
}
