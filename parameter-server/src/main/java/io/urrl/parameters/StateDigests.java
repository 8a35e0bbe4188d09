package io.urrl.parameters;

import io.urrl.actors.objective.Objective;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Digests of all that a state holds, at one version: {@link TensorDigest} of each part.
 *
 * @param objective what the state is made of
 * @param parameters of the trained encoder
 * @param momentumEncoder its parameters, where there is one
 * @param velocity momentum buffer
 * @param companions in their order; empty where the state has none
 */
public record StateDigests(
    Objective objective,
    long parameters,
    long momentumEncoder,
    long velocity,
    List<Long> companions) {

  /** Reads all of a state. */
  public static StateDigests of(ParameterState state) {
    return new StateDigests(
        state.layout().objective(),
        TensorDigest.of(state.parameters()),
        TensorDigest.of(state.momentumEncoder()),
        TensorDigest.of(state.velocity()),
        companionsOf(state));
  }

  /** Reads the companions of a state, whose other parts have the digests that an update found. */
  static StateDigests of(ParameterState state, DigestedUpdate.Digests update) {
    return new StateDigests(
        state.layout().objective(),
        update.parameters(),
        update.momentumEncoder(),
        update.velocity(),
        companionsOf(state));
  }

  private static List<Long> companionsOf(ParameterState state) {
    return state.companions().stream()
        .map(CompanionState::values)
        .map((MemorySegment values) -> TensorDigest.of(values))
        .toList();
  }

  /**
   * Digest of what every replica holds of this state: parameters, momentum encoder, and where it
   * has companions, the replicated ones.
   */
  public long shared() {
    LongStream.Builder parts = LongStream.builder().add(parameters);
    if (objective.hasMomentumEncoder()) {
      parts.add(momentumEncoder);
    }
    if (!companions.isEmpty()) {
      for (int index : objective.replicated()) {
        parts.add(companions.get(index));
      }
    }
    return TensorDigest.combine(parts.build().toArray());
  }

  /** The first part that differs, for people; empty when none does. */
  public Optional<String> difference(StateDigests other) {
    if (parameters != other.parameters) {
      return Optional.of("encoder's parameters");
    }
    if (momentumEncoder != other.momentumEncoder) {
      return Optional.of("momentum encoder's parameters");
    }
    if (velocity != other.velocity) {
      return Optional.of("momentum buffer");
    }
    for (int index = 0; index < companions.size(); index++) {
      if (!companions.get(index).equals(other.companions.get(index))) {
        return Optional.of(objective.companions().get(index).name());
      }
    }
    return Optional.empty();
  }
}
