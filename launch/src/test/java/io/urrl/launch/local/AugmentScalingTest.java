package io.urrl.launch.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.local.AugmentScaling.Change;
import io.urrl.launch.local.AugmentScaling.Reading;
import io.urrl.launch.local.AugmentScaling.Size;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many augment nodes there should be. */
final class AugmentScalingTest {
  private static final long SECOND = 1000;

  private AugmentScaling scaling = new AugmentScaling(1, 8);
  private long now;
  private long step;
  private int nodes = 3;
  private int each = 1;
  private int others;
  private boolean free = true;

  @BeforeEach
  void begin() {
    assertEquals(0, look(5), "the first line may be of long ago");
  }

  /** The number of nodes that is wanted for what is missing; 0 for no change. */
  private int look(int more) {
    return look(nodes * each + others, OptionalInt.of(more));
  }

  private int look(int workers, OptionalInt more) {
    now += SECOND;
    Optional<Change> change =
        scaling.look(now, new Reading(step++, workers, more), new Size(nodes, each, others), free);
    return change.map(Change::nodes).orElse(0);
  }

  private int after(long seconds, int more) {
    int wanted = 0;
    for (long second = 0; second < seconds && wanted == 0; second++) {
      wanted = look(more);
    }
    return wanted;
  }

  @Test
  void whatIsMissingComesAtOnce() {
    assertEquals(5, look(2));
    assertEquals(8, look(20), "not above the bound");
    nodes = 8;
    assertEquals(0, look(20));
  }

  @Test
  void idleNodesGoOneAMinute() {
    assertEquals(0, after(59, -2));
    assertEquals(2, after(2, -2));
    nodes = 2;
    assertEquals(0, after(59, -1));
    assertEquals(1, after(2, -1));
    nodes = 1;
    assertEquals(0, after(200, -1), "one stays");
  }

  /** What comes in bursts may look idle with one node more than starve. */
  @Test
  void nobodyGoesBackSoonToSoFewThatTheyStarved() {
    assertEquals(4, look(1));
    nodes = 4;
    assertEquals(0, after(AugmentScaling.REGRET_MILLIS / SECOND - 10, -1));
    assertEquals(3, after(20, -1));
    nodes = 5;
    assertEquals(4, after(62, -1));
  }

  @Test
  void aMomentOfWorkEndsTheIdleness() {
    assertEquals(0, after(50, -2));
    assertEquals(0, look(0));
    assertEquals(0, after(50, -2));
    assertEquals(0, look(3, OptionalInt.empty()));
    assertEquals(0, after(59, -2));
  }

  @Test
  void ordersOfSomebodyStandForAWhile() {
    free = false;
    assertEquals(0, look(4));
    assertEquals(0, after(200, -2));
    free = true;
    assertEquals(7, look(4));
  }

  @Test
  void whileNodesComeOrGoNothingChanges() {
    assertEquals(0, look(2, OptionalInt.of(4)));
    assertEquals(0, look(4, OptionalInt.of(4)));
    assertEquals(7, look(3, OptionalInt.of(4)));
  }

  @Test
  void aRunThatStandsStillSaysNothing() {
    assertEquals(5, look(2));
    Reading same = new Reading(step - 1, 3, OptionalInt.of(2));
    assertEquals(Optional.empty(), scaling.look(now, same, new Size(3, 1, 0), true));
  }

  @Test
  void nodesWithSeveralWorkersAreCountedByThem() {
    each = 2;
    others = 1;
    assertEquals(0, look(4), "7 workers, and 9 would be more than 8");
    nodes = 1;
    assertEquals(2, look(1));
    assertEquals(3, look(4));
    nodes = 3;
    assertEquals(0, after(100, -1), "half a node cannot go");
    assertEquals(2, after(62, -2), "one starved, and two did not");
  }

  @Test
  void thereAreAsManyAsTheBoundAsksFor() {
    scaling = new AugmentScaling(5, 8);
    begin();
    assertEquals(5, look(0));
    nodes = 5;
    assertEquals(0, after(100, -3));
  }

  @Property(tries = 200)
  void itStaysWithinTheBounds(
      @ForAll @IntRange(min = 1, max = 6) int least,
      @ForAll @IntRange(min = 0, max = 6) int span,
      @ForAll @IntRange(min = 1, max = 12) int begin,
      @ForAll @IntRange(min = -12, max = 40) int more) {
    AugmentScaling bounded = new AugmentScaling(least, least + span);
    bounded.look(0, new Reading(0, begin, OptionalInt.of(more)), new Size(begin, 1, 0), true);
    for (int look = 1; look < 100; look++) {
      Optional<Change> change =
          bounded.look(
              look * SECOND,
              new Reading(look, begin, OptionalInt.of(more)),
              new Size(begin, 1, 0),
              true);
      if (change.isPresent()) {
        int wanted = change.get().nodes();
        assertTrue(wanted >= least, "fewer than " + least);
        assertTrue(wanted <= Math.max(begin, least + span), "more than allowed");
        assertTrue(wanted != begin);
      }
    }
  }
}
