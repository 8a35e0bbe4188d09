package io.urrl.parameters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReductionTreeTest {
  private static final int LENGTH = 37;

  private static List<MemorySegment> gradients(Arena arena, int count) {
    List<MemorySegment> gradients = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      gradients.add(Segments.random(arena, LENGTH, 100 + index));
    }
    return gradients;
  }

  /** The definition: halves of the smallest power of two, the right one absent beyond M. */
  private static float[] sum(List<MemorySegment> gradients, int first, int span) {
    if (span == 1) {
      return Segments.floats(gradients.get(first));
    }
    float[] left = sum(gradients, first, span / 2);
    if (first + span / 2 < gradients.size()) {
      float[] right = sum(gradients, first + span / 2, span / 2);
      for (int i = 0; i < LENGTH; i++) {
        left[i] += right[i];
      }
    }
    return left;
  }

  private static MemorySegment expected(Arena arena, List<MemorySegment> gradients) {
    return Segments.of(arena, sum(gradients, 0, 16));
  }

  private static void deliver(ReductionTree tree, int index, MemorySegment gradient) {
    tree.adopt(index, tree.pool().acquire().copyFrom(gradient));
  }

  @Property(tries = 300)
  void theBitsDoNotDependOnTheOrderOfArrival(
      @ForAll @IntRange(min = 1, max = 9) int microBatches, @ForAll long shuffle) {
    try (Arena arena = Arena.ofConfined()) {
      SegmentPool pool = new SegmentPool(LENGTH);
      List<MemorySegment> gradients = gradients(arena, microBatches);
      List<Integer> order = new ArrayList<>();
      for (int index = 0; index < microBatches; index++) {
        order.add(index);
      }
      Collections.shuffle(order, new Random(shuffle));
      ReductionTree tree = new ReductionTree(microBatches, pool);
      for (int round = 0; round < 2; round++) {
        for (int index : order) {
          assertFalse(tree.rootReady());
          deliver(tree, index, gradients.get(index));
        }
        assertTrue(tree.rootReady());
        assertEquals(-1, expected(arena, gradients).mismatch(tree.root()));
        tree.reset();
        assertEquals(pool.size(), pool.free(), "all buffers are back");
        assertTrue(pool.size() <= Math.ceilDiv(microBatches, 2) + 1, pool.size() + " buffers");
      }
    }
  }

  @Test
  void whatIsThereTwiceOrOfAnotherLengthIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      SegmentPool pool = new SegmentPool(LENGTH);
      List<MemorySegment> gradients = gradients(arena, 2);
      ReductionTree tree = new ReductionTree(4, pool);
      deliver(tree, 0, gradients.get(0));
      assertThrows(IllegalStateException.class, () -> deliver(tree, 0, gradients.get(0)));
      deliver(tree, 1, gradients.get(1));
      // Its buffer was merged into the one of micro-batch 0.
      assertThrows(IllegalStateException.class, () -> deliver(tree, 1, gradients.get(1)));
      MemorySegment longer = arena.allocate((LENGTH + 1) * (long) Float.BYTES);
      assertThrows(IllegalArgumentException.class, () -> tree.adopt(2, longer));
      String text = assertThrows(IllegalStateException.class, tree::root).getMessage();
      assertEquals("2 of 4 micro-batches are there", text);
    }
  }

  @Test
  void theSumLiesInTheMemoryOfTheFirst() {
    SegmentPool pool = new SegmentPool(LENGTH);
    ReductionTree tree = new ReductionTree(2, pool);
    MemorySegment first = pool.acquire().fill((byte) 0);
    tree.adopt(0, first);
    tree.adopt(1, pool.acquire().fill((byte) 0));
    assertSame(first, tree.root());
    assertEquals(1, pool.free());
  }

  @Test
  void successiveTreesShareTheirBuffers() {
    SegmentPool pool = new SegmentPool(LENGTH);
    ReductionTree now = new ReductionTree(2, pool);
    ReductionTree next = new ReductionTree(2, pool);
    now.adopt(0, pool.acquire());
    next.adopt(1, pool.acquire());
    now.reset();
    next.adopt(0, pool.acquire().fill((byte) 0));
    assertEquals(2, pool.size());
  }
}
