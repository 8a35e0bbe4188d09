package io.urrl.parameters;

import io.urrl.actors.fault.BitFlips;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A whole state and the digests of all that it holds, checked at every step: memory that changes
 * between two steps is found before the next version leaves. Not thread-safe.
 */
public final class WatchedState {
  private final ParameterState state;
  private StateDigests digests;

  /**
   * What a micro-batch adds to queue and statistics.
   *
   * @param keys [b, dim] float32
   * @param statistics [2, g, buffers] float32, the query encoder's passes first
   */
  public record Contribution(MemorySegment keys, MemorySegment statistics) {}

  /** Takes {@code state} for right as it stands; from now on only {@link #step} changes it. */
  public WatchedState(ParameterState state) {
    this.state = state;
    digests = StateDigests.of(state);
  }

  /** Digests at the present version. */
  public StateDigests digests() {
    return digests;
  }

  /**
   * One optimiser step: parameters, then queue and statistics in order of the micro-batches.
   *
   * @param gradient sum over the micro-batches
   * @param groups batch-norm groups of a micro-batch
   * @throws DamagedStateException when what the last step left has changed since; the state is then
   *     of no use any more
   */
  public void step(
      SgdKernel.Rule rule,
      MemorySegment gradient,
      List<Contribution> contributions,
      int groups,
      ParallelRanges ranges) {
    BitFlips.at(BitFlips.Stage.STATE, state.version(), state.query());
    StateDigests companions =
        StateDigests.companionsOf(state, digests.query(), digests.key(), digests.velocity());
    DigestedUpdate.Outcome update = state.update(rule, gradient, ranges);
    StateDigests found =
        new StateDigests(
            update.before().query(),
            update.before().key(),
            update.before().velocity(),
            companions.queue(),
            companions.queryStatistics(),
            companions.keyStatistics());
    requireEqual(found, state.version() - 1);
    for (Contribution contribution : contributions) {
      add(contribution, groups);
    }
    digests =
        StateDigests.companionsOf(
            state, update.after().query(), update.after().key(), update.after().velocity());
  }

  /**
   * Reads all of the state, before it leaves as a whole.
   *
   * @throws DamagedStateException when what the last step left has changed since
   */
  public void requireIntact() {
    requireEqual(StateDigests.of(state), state.version());
  }

  private void requireEqual(StateDigests found, long version) {
    Optional<String> difference = digests.difference(found);
    if (difference.isPresent()) {
      throw new DamagedStateException(
          "the parameter shard's %s changed in memory after step %d"
              .formatted(difference.get(), version));
    }
  }

  private void add(Contribution contribution, int groups) {
    ParameterState.Companions companions = state.requireCompanions();
    int dim = state.layout().dim();
    long bytes = contribution.keys().byteSize();
    companions.queue().enqueue(contribution.keys(), Math.toIntExact(bytes / Float.BYTES / dim));
    MemorySegment statistics = contribution.statistics();
    long half = statistics.byteSize() / 2;
    companions.queryStatistics().apply(statistics.asSlice(0, half), groups);
    companions.keyStatistics().apply(statistics.asSlice(half, half), groups);
  }
}
