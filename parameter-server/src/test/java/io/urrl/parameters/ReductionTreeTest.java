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
    tree.acquire(index).copyFrom(gradient);
    tree.complete(index);
  }

  @Property(tries = 300)
  void theBitsDoNotDependOnTheOrderOfArrival(
      @ForAll @IntRange(min = 1, max = 9) int microBatches, @ForAll long shuffle) {
    try (Arena arena = Arena.ofConfined();
        SegmentPool pool = new SegmentPool(LENGTH)) {
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
          assertTrue(tree.has(index));
        }
        assertTrue(tree.rootReady());
        assertEquals(-1, expected(arena, gradients).mismatch(tree.root()));
        tree.reset();
        assertEquals(pool.size(), pool.free(), "all buffers are back");
        assertTrue(pool.size() <= Math.ceilDiv(microBatches, 2) + 1, pool.size() + " buffers");
      }
    }
  }

  @Property(tries = 300)
  void aSubtreeMayArriveAlreadySummed(
      @ForAll @IntRange(min = 1, max = 9) int microBatches, @ForAll long choices) {
    try (Arena arena = Arena.ofConfined();
        SegmentPool pool = new SegmentPool(LENGTH)) {
      List<MemorySegment> gradients = gradients(arena, microBatches);
      Random random = new Random(choices);
      ReductionTree tree = new ReductionTree(microBatches, pool);
      List<int[]> parts = new ArrayList<>();
      cut(0, 16, microBatches, random, parts);
      Collections.shuffle(parts, random);
      for (int[] part : parts) {
        MemorySegment sum = Segments.of(arena, sum(gradients, part[0], part[1]));
        tree.acquire(part[0]).copyFrom(sum);
        tree.complete(part[0], Math.min(part[1], microBatches - part[0]));
      }
      assertEquals(-1, expected(arena, gradients).mismatch(tree.root()));
    }
  }

  private static void cut(int first, int span, int end, Random random, List<int[]> parts) {
    if (first >= end) {
      return;
    }
    if (span == 1 || random.nextInt(3) == 0) {
      parts.add(new int[] {first, span});
      return;
    }
    cut(first, span / 2, end, random, parts);
    cut(first + span / 2, span / 2, end, random, parts);
  }

  @Test
  void onlyWholeNodesAreSubtrees() {
    ReductionTree tree = new ReductionTree(7, LENGTH);
    assertTrue(tree.isNode(0, 7));
    assertTrue(tree.isNode(4, 3));
    assertTrue(tree.isNode(6, 1));
    assertTrue(tree.isNode(2, 2));
    assertFalse(tree.isNode(1, 2));
    assertFalse(tree.isNode(0, 3));
    assertFalse(tree.isNode(4, 4));
    assertFalse(tree.isNode(-1, 1));
    assertFalse(tree.isNode(0, 0));
    assertFalse(tree.isNode(0, Integer.MAX_VALUE));
    tree.acquire(1);
    assertThrows(IllegalArgumentException.class, () -> tree.complete(1, 2));
  }

  @Test
  void whatIsThereTwiceOrWasNeverAcquiredIsRefused() {
    ReductionTree tree = new ReductionTree(4, LENGTH);
    assertThrows(IllegalStateException.class, () -> tree.complete(0));
    tree.acquire(0);
    tree.complete(0);
    assertThrows(IllegalStateException.class, () -> tree.complete(0));
    assertThrows(IllegalStateException.class, () -> tree.acquire(0));
    tree.acquire(1);
    tree.complete(1);
    assertThrows(IllegalStateException.class, () -> tree.acquire(1));
    assertThrows(IllegalStateException.class, tree::root);
    assertEquals(2, tree.completed());
  }

  @Test
  void anArrivingGradientKeepsItsBufferUntilItIsAbandoned() {
    ReductionTree tree = new ReductionTree(4, LENGTH);
    MemorySegment buffer = tree.acquire(3);
    assertSame(buffer, tree.acquire(3));
    assertEquals(0, tree.pool().free());
    tree.abandon(3);
    assertEquals(1, tree.pool().free());
    tree.abandon(3);
    assertEquals(1, tree.pool().free());
    assertSame(buffer, tree.acquire(2));
  }

  @Test
  void aSubtreeTakesThePlaceOfItsArrivingParts() {
    ReductionTree tree = new ReductionTree(2, LENGTH);
    tree.acquire(0).fill((byte) 0);
    tree.acquire(1);
    tree.complete(0, 2);
    assertTrue(tree.rootReady());
    assertEquals(1, tree.pool().free());
  }

  @Test
  void successiveTreesShareTheirBuffers() {
    try (SegmentPool pool = new SegmentPool(LENGTH)) {
      ReductionTree now = new ReductionTree(2, pool);
      ReductionTree next = new ReductionTree(2, pool);
      now.acquire(0);
      next.acquire(1);
      now.reset();
      next.acquire(0);
      assertEquals(2, pool.size());
    }
  }
}
