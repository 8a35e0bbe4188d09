package io.urrl.parameters;

import io.urrl.actors.random.Philox;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Off-heap float32 buffers for tests. */
public final class Segments {
  private Segments() {}

  /** Values of mixed magnitude, so that the order of additions shows in the bits. */
  public static MemorySegment random(Arena arena, long floats, long seed) {
    Philox philox = new Philox(seed);
    MemorySegment values = arena.allocate(Math.max(1, floats * 4), 64).asSlice(0, floats * 4);
    for (long i = 0; i < floats; i++) {
      double value = philox.uniform(-1, 1) * Math.pow(10, philox.uniform(-3, 3));
      values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
    }
    return values;
  }

  /** All values. */
  public static float[] floats(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** The values given. */
  public static MemorySegment of(Arena arena, float... values) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
  }
}
