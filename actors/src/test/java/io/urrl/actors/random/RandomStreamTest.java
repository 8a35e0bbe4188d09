package io.urrl.actors.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who draws where on the generator's counters. */
final class RandomStreamTest {

  @Test
  void noTwoStreamsOfASeedMeet() throws IllegalAccessException {
    for (RandomStream stream : RandomStream.ALL) {
      assertTrue(stream.meets(stream));
      for (RandomStream other : RandomStream.ALL) {
        assertFalse(stream != other && stream.meets(other), stream + " meets " + other);
      }
    }
    for (Field field : RandomStream.class.getDeclaredFields()) {
      if (field.getType() == RandomStream.class) {
        assertTrue(RandomStream.ALL.contains((RandomStream) field.get(null)), field.getName());
      }
    }
  }

  /** The first words of a few positions of each stream of a run's seed. */
  @Test
  void theStreamsOfARunDrawDifferentNumbers() {
    Philox random = new Philox(1);
    Map<Long, String> drawn = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      for (int j = 0; j < 40; j++) {
        fresh(drawn, RandomStream.view(random, i, j, 0), "query's view");
        fresh(drawn, RandomStream.view(random, i, j, 1), "key's view");
        fresh(drawn, RandomStream.corruption(random, i, j), "corruption");
      }
      fresh(drawn, RandomStream.initialQueue(random, i), "queue");
      fresh(drawn, RandomStream.initialWeights(random, i), "weights");
      fresh(drawn, RandomStream.probeShuffle(random, i), "shuffle");
    }
  }

  private static void fresh(Map<Long, String> drawn, Philox random, String what) {
    String before = drawn.put(random.nextLong(), what);
    assertNull(before, what + " draws as a " + before);
  }

  /** These positions are part of what a seed means. */
  @Test
  void positionsStayWhereTheyWere() {
    same(RandomStream.view(new Philox(7), 5, 6, 1), 5, 6, 1);
    same(RandomStream.initialQueue(new Philox(7), 5), -1, 5, 0);
    same(RandomStream.initialWeights(new Philox(7), 5), -2, 5, 0);
    same(RandomStream.probeShuffle(new Philox(7), 5), -3, 5, 0);
    same(RandomStream.corruption(new Philox(7), 5, 6), 5, 6, 192);
    same(RandomStream.shape(new Philox(7), 1, 6), 1, 6, 0);
    same(RandomStream.iceTexture(new Philox(7), 5), 5, 0, 0);
  }

  private static void same(Philox found, int first, int second, int third) {
    assertEquals(new Philox(7).position(first, second, third).nextLong(), found.nextLong());
  }

  @Test
  void aPositionOfAnotherStreamIsRefused() {
    Philox random = new Philox(1);
    assertThrows(IllegalArgumentException.class, () -> RandomStream.view(random, -1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> RandomStream.view(random, 0, 0, 2));
    assertThrows(IllegalArgumentException.class, () -> RandomStream.initialQueue(random, -1));
    assertThrows(IllegalArgumentException.class, () -> RandomStream.shape(random, 2, 0));
  }
}
