package io.urrl.parameters;

import io.urrl.actors.tensor.TensorDigest;
import java.util.Optional;

/**
 * Digests of all that a whole state holds, at one version: {@link TensorDigest} of each part.
 *
 * @param query query encoder's parameters
 * @param key key encoder's parameters
 * @param velocity momentum buffer
 * @param queue rows of the negative queue
 * @param queryStatistics running statistics of the query encoder
 * @param keyStatistics running statistics of the key encoder
 */
public record StateDigests(
    long query, long key, long velocity, long queue, long queryStatistics, long keyStatistics) {

  /** Reads all of a state that holds everything. */
  public static StateDigests of(ParameterState state) {
    return companionsOf(
        state,
        TensorDigest.of(state.query()),
        TensorDigest.of(state.key()),
        TensorDigest.of(state.velocity()));
  }

  /** Reads queue and statistics of a state whose parameters have these digests. */
  static StateDigests companionsOf(ParameterState state, long query, long key, long velocity) {
    ParameterState.Companions companions = state.requireCompanions();
    return new StateDigests(
        query,
        key,
        velocity,
        TensorDigest.of(companions.queue().rows()),
        TensorDigest.of(companions.queryStatistics().values()),
        TensorDigest.of(companions.keyStatistics().values()));
  }

  /** Digest of what every worker holds: query encoder, key encoder and queue. */
  public long shared() {
    return TensorDigest.combine(query, key, queue);
  }

  /** The first part that differs, for people; empty when none does. */
  public Optional<String> difference(StateDigests other) {
    if (query != other.query) {
      return Optional.of("query encoder's parameters");
    }
    if (key != other.key) {
      return Optional.of("key encoder's parameters");
    }
    if (velocity != other.velocity) {
      return Optional.of("momentum buffer");
    }
    if (queue != other.queue) {
      return Optional.of("negative queue");
    }
    boolean statistics =
        queryStatistics != other.queryStatistics || keyStatistics != other.keyStatistics;
    return statistics ? Optional.of("running statistics") : Optional.empty();
  }
}
