package io.urrl.parameters;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Parameter states with content, for tests. */
public final class States {
  private States() {}

  /** Fills every part of a whole state with values that the seed decides; version = seed. */
  public static void fill(ParameterState state, long seed) {
    long floats = state.slice().length();
    try (Arena arena = Arena.ofConfined()) {
      state.query().copyFrom(Segments.random(arena, floats, seed));
      state.key().copyFrom(Segments.random(arena, floats, seed + 1000));
      state.velocity().copyFrom(Segments.random(arena, floats, seed + 2000));
      ParameterState.Companions companions = state.requireCompanions();
      NegativeQueue queue = companions.queue();
      queue.initialise(seed);
      queue.enqueue(Segments.random(arena, 2L * queue.dim(), seed), 2);
      long buffers = state.layout().buffers().size();
      MemorySegment passes = Segments.random(arena, 3 * buffers, seed);
      companions.queryStatistics().apply(passes, 3);
      companions.keyStatistics().apply(passes.asSlice(buffers * 4), 2);
    }
    state.version(seed);
  }
}
