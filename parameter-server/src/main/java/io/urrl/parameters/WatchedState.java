package io.urrl.parameters;

import io.urrl.actors.fault.BitFlips;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A state and the digests of all that it holds, checked at every step: memory that changes between
 * two steps is found before the next version leaves. Not thread-safe.
 */
public final class WatchedState {
  private final ParameterState state;
  private StateDigests digests;

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
   * One optimiser step: parameters, then the companions in order of the micro-batches.
   *
   * @param gradient sum over the micro-batches
   * @param contributions of each micro-batch, to each companion
   * @throws DamagedStateException when what the last step left has changed since; the state is then
   *     of no use any more
   */
  public void step(
      SgdKernel.Rule rule,
      MemorySegment gradient,
      List<List<MemorySegment>> contributions,
      ParallelRanges ranges) {
    BitFlips.at(BitFlips.Stage.STATE, state.version(), state.parameters());
    DigestedUpdate.Outcome update = state.update(rule, gradient, ranges);
    requireEqual(StateDigests.of(state, update.before()), state.version() - 1);
    for (List<MemorySegment> contribution : contributions) {
      for (int index = 0; index < contribution.size(); index++) {
        state.companions().get(index).add(contribution.get(index));
      }
    }
    digests = StateDigests.of(state, update.after());
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
}
