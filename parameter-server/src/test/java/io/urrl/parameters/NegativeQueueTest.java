package io.urrl.parameters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NegativeQueueTest {
  @Property(tries = 200)
  void rowsAreReplacedInOrderAroundTheEnd(
      @ForAll @IntRange(min = 1, max = 11) int capacity, @ForAll long choices) {
    Random random = new Random(choices);
    try (Arena arena = Arena.ofConfined()) {
      NegativeQueue queue = new NegativeQueue("queue", capacity, 2, arena);
      float[] expected = new float[capacity * 2];
      int pointer = 0;
      float next = 1;
      for (int round = 0; round < 6; round++) {
        int count = random.nextInt(2 * capacity + 2);
        float[] keys = new float[count * 2];
        for (int i = 0; i < keys.length; i++) {
          keys[i] = next++;
        }
        for (int row = 0; row < count; row++) {
          expected[pointer * 2] = keys[row * 2];
          expected[pointer * 2 + 1] = keys[row * 2 + 1];
          pointer = (pointer + 1) % capacity;
        }
        queue.add(Segments.of(arena, keys));
        assertEquals(pointer, queue.position());
        assertArrayEquals(expected, Segments.floats(queue.values()));
      }
    }
  }

  @Test
  void theInitialRowsAreUnitVectorsWithoutDirection() {
    try (Arena arena = Arena.ofConfined()) {
      NegativeQueue queue = new NegativeQueue("queue", 2000, 16, arena);
      queue.initialise(3);
      float[] rows = Segments.floats(queue.values());
      double[] mean = new double[16];
      double[] square = new double[16];
      for (int row = 0; row < 2000; row++) {
        double length = 0;
        for (int i = 0; i < 16; i++) {
          double value = rows[row * 16 + i];
          length += value * value;
          mean[i] += value / 2000;
          square[i] += value * value / 2000;
        }
        assertEquals(1, length, 1e-6);
      }
      for (int i = 0; i < 16; i++) {
        assertEquals(0, mean[i], 5 * 0.25 / Math.sqrt(2000), "mean of column " + i);
        assertEquals(1 / 16.0, square[i], 0.01, "square of column " + i);
      }
    }
  }

  @Test
  void theSeedDecidesTheRows() {
    try (Arena arena = Arena.ofConfined()) {
      NegativeQueue one = new NegativeQueue("queue", 5, 4, arena);
      NegativeQueue same = new NegativeQueue("queue", 5, 4, arena);
      NegativeQueue other = new NegativeQueue("queue", 5, 4, arena);
      one.initialise(1);
      same.pointer(3);
      same.initialise(1);
      other.initialise(2);
      assertEquals(-1, one.values().mismatch(same.values()));
      assertEquals(0, same.position());
      assertNotEquals(-1, one.values().mismatch(other.values()));
      assertTrue(one.values().asSlice(0, 16).mismatch(one.values().asSlice(16, 16)) >= 0);
    }
  }

  @Test
  void wrongSizesAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      NegativeQueue queue = new NegativeQueue("queue", 5, 4, arena);
      assertThrows(IllegalArgumentException.class, () -> queue.add(Segments.of(arena, 1, 2)));
      assertThrows(IllegalArgumentException.class, () -> queue.pointer(5));
      NegativeQueue wider = new NegativeQueue("queue", 4, 5, arena);
      assertThrows(IllegalArgumentException.class, () -> queue.copyFrom(wider));
    }
  }
}
