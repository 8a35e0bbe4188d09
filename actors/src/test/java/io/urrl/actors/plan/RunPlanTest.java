package io.urrl.actors.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RunPlanTest {

  @Property(tries = 100)
  void everySampleOfEveryEpochTrainsExactlyOnce(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 700) int samples,
      @ForAll @IntRange(min = 1, max = 3) int epochs,
      @ForAll @IntRange(min = 1, max = 4) int microBatches,
      @ForAll @IntRange(min = 1, max = 16) int microBatch) {
    RunPlan plan =
        new RunPlan(seed, true, samples, epochs, 0, microBatches * microBatch, microBatch, 1);
    Set<SampleDraw> seen = new HashSet<>();
    for (long step = 0; step < plan.steps(); step++) {
      for (int index = 0; index < microBatches; index++) {
        for (SampleDraw draw : plan.draws(new MicroBatchId(step, index))) {
          assertTrue(seen.add(draw), () -> draw + " trains twice");
        }
      }
    }
    long whole = seen.stream().filter(draw -> draw.epoch() < epochs).count();
    assertEquals((long) samples * epochs, whole);
    assertTrue(seen.size() - whole < plan.globalBatch(), "no more than a batch of one epoch more");
  }

  @Property(tries = 50)
  void aPermutationIsABijection(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3000) int size) {
    EpochPermutation permutation = new EpochPermutation(seed, size);
    boolean[] hit = new boolean[size];
    for (int place = 0; place < size; place++) {
      int sample = permutation.sampleAt(3, place);
      assertTrue(!hit[sample]);
      hit[sample] = true;
    }
  }

  @Test
  void epochsAndSeedsAreShuffledDifferently() {
    EpochPermutation one = new EpochPermutation(1, 1000);
    EpochPermutation two = new EpochPermutation(2, 1000);
    int[] first = new int[1000];
    int[] second = new int[1000];
    int[] other = new int[1000];
    for (int place = 0; place < 1000; place++) {
      first[place] = one.sampleAt(0, place);
      second[place] = one.sampleAt(1, place);
      other[place] = two.sampleAt(0, place);
    }
    assertTrue(meetings(first, second) < 12);
    assertTrue(meetings(first, other) < 12);
    int fixed = 0;
    for (int place = 0; place < 1000; place++) {
      fixed += first[place] == place ? 1 : 0;
    }
    assertTrue(fixed < 12, fixed + " of 1000 stay at their place");
  }

  @Test
  void thePermutationIsFrozen() {
    EpochPermutation permutation = new EpochPermutation(42, 50_000);
    int[] head = new int[4];
    for (int place = 0; place < head.length; place++) {
      head[place] = permutation.sampleAt(7, place);
    }
    assertArrayEquals(FROZEN, head, "runs of earlier versions could not be resumed");
  }

  private static final int[] FROZEN = {2127, 16224, 37215, 23814};

  @Test
  void refusesBatchesThatDoNotDivide() {
    var batch =
        assertThrows(
            IllegalArgumentException.class, () -> new RunPlan(1, true, 10, 1, 0, 100, 48, 1));
    assertEquals("batch 100 is not a multiple of micro-batch 48", batch.getMessage());
    var groups =
        assertThrows(
            IllegalArgumentException.class, () -> new RunPlan(1, true, 10, 1, 0, 96, 48, 5));
    assertEquals("micro-batch 48 is not a multiple of bn-groups 5", groups.getMessage());
  }

  @Test
  void theDigestNamesTheSamplesAndTheirOrder() {
    SampleDraw[] draws = {new SampleDraw(0, 1), new SampleDraw(0, 2)};
    SampleDraw[] swapped = {draws[1], draws[0]};
    assertNotEquals(SampleDigest.of(draws), SampleDigest.of(swapped));
  }

  private static int meetings(int[] a, int[] b) {
    int same = 0;
    for (int i = 0; i < a.length; i++) {
      same += a[i] == b[i] ? 1 : 0;
    }
    return same;
  }
}
