package io.urrl.parameters;

import java.lang.foreign.Arena;

/** Parameter states with content, for tests. */
public final class States {
  private States() {}

  /** Fills every part of a whole state with values that the seed decides; version = seed. */
  public static void fill(ParameterState state, long seed) {
    long floats = state.slice().length();
    try (Arena arena = Arena.ofConfined()) {
      state.parameters().copyFrom(Segments.random(arena, floats, seed));
      if (state.layout().objective().hasMomentumEncoder()) {
        state.momentumEncoder().copyFrom(Segments.random(arena, floats, seed + 1000));
      }
      state.velocity().copyFrom(Segments.random(arena, floats, seed + 2000));
      for (int index = 0; index < state.companions().size(); index++) {
        fill(arena, state.companions().get(index), seed, index + 2);
      }
    }
    state.version(seed);
  }

  private static void fill(Arena arena, CompanionState companion, long seed, int passes) {
    companion.initialise(seed);
    switch (companion) {
      case NegativeQueue queue -> queue.add(Segments.random(arena, 2L * queue.dim(), seed));
      case RunningStatistics statistics ->
          statistics.add(Segments.random(arena, passes * statistics.layout().size(), seed));
      default -> throw new IllegalArgumentException(companion.toString());
    }
  }
}
