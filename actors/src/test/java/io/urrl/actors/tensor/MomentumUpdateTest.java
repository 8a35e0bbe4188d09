package io.urrl.actors.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.urrl.actors.random.Philox;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MomentumUpdateTest {
  @Property(tries = 60)
  void everyFloatIsTheFormulaInFloat32HoweverTheRangeIsCut(
      @ForAll @IntRange(min = 0, max = 300) int length, @ForAll long seed) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment query = random(arena, length, seed);
      MemorySegment key = random(arena, length, ~seed);
      MemorySegment cut = arena.allocate(key.byteSize()).copyFrom(key);
      float[] before = key.toArray(ValueLayout.JAVA_FLOAT);
      MomentumUpdate.follow(key, query, 0.999);
      for (int i = 0; i < length; i++) {
        float expected =
            before[i] * 0.999f + query.getAtIndex(ValueLayout.JAVA_FLOAT, i) * (float) (1 - 0.999);
        assertEquals(expected, key.getAtIndex(ValueLayout.JAVA_FLOAT, i));
      }
      MomentumUpdate.follow(cut, query, 0.999, 0, length / 3);
      MomentumUpdate.follow(cut, query, 0.999, length / 3, length);
      assertEquals(-1, cut.mismatch(key));
    }
  }

  @Test
  void lengthsMustAgree() {
    MemorySegment four = MemorySegment.ofArray(new byte[4]);
    MemorySegment eight = MemorySegment.ofArray(new byte[8]);
    assertThrows(IllegalArgumentException.class, () -> MomentumUpdate.follow(four, eight, 0.9));
  }

  private static MemorySegment random(Arena arena, int length, long seed) {
    Philox philox = new Philox(seed);
    MemorySegment values = arena.allocate(length * 4L, 64);
    for (int i = 0; i < length; i++) {
      values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) philox.uniform(-2, 2));
    }
    return values;
  }
}
