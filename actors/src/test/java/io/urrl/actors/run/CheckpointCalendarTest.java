package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.run.CheckpointCalendar.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CheckpointCalendarTest {
  private static CheckpointCalendar of(long steps, int every, int judgeEvery) {
    return new CheckpointCalendar(steps, every, judgeEvery, 0, "");
  }

  @Test
  void theEndIsACheckpointWithoutAnyInterval() {
    CheckpointCalendar calendar = of(3, 0, 0);
    assertEquals(Choice.PASS, calendar.choose(1, false));
    assertEquals(Choice.PASS, calendar.choose(2, false));
    assertEquals(Choice.KEEP, calendar.choose(3, false));
    assertEquals(3, calendar.snapshot());
  }

  @Test
  void whileOneIsWrittenAnIntervalsCheckpointIsLeftOutAndANeededOneIsWaitedFor() {
    CheckpointCalendar calendar = of(100, 2, 5);
    assertEquals(Choice.KEEP, calendar.choose(2, false));
    assertEquals(Choice.PASS, calendar.choose(4, false));
    assertEquals(Choice.WAIT, calendar.choose(5, false));
    assertEquals(Choice.WAIT, calendar.choose(3, true));
    assertTrue(calendar.written(2, "two"));
    assertEquals(Choice.KEEP, calendar.choose(5, false));
    assertEquals("two", calendar.last());
  }

  @Test
  void aCheckpointIsWrittenOnceAndAfterItsUpdate() {
    CheckpointCalendar calendar = of(100, 2, 0);
    assertFalse(calendar.mayWrite(10), "no copy is kept");
    assertEquals(Choice.KEEP, calendar.choose(12, false));
    assertFalse(calendar.mayWrite(11), "the update is not applied");
    assertTrue(calendar.mayWrite(12));
    assertFalse(calendar.mayWrite(13), "it is being written");
    assertTrue(calendar.written(12, "twelve"));
    assertFalse(calendar.written(12, "said twice"));
    assertEquals("twelve", calendar.last());
    assertEquals(12, calendar.saved());
    assertEquals(Choice.KEEP, calendar.choose(14, false));
    assertTrue(calendar.mayWrite(14));
  }

  @Test
  void aTermBeginsWithTheCheckpointThatIsThere() {
    CheckpointCalendar calendar = new CheckpointCalendar(100, 4, 0, 2, "two");
    assertEquals("two", calendar.last());
    assertEquals(2, calendar.saved());
    assertFalse(calendar.written(4, "of the term before"));
    assertEquals("two", calendar.last());
  }

  @Test
  void aDroppedSnapshotMakesRoomForALaterOne() {
    CheckpointCalendar calendar = of(100, 2, 0);
    assertEquals(Choice.KEEP, calendar.choose(2, false));
    assertTrue(calendar.mayWrite(2));
    calendar.dropped(1);
    assertEquals(Choice.WAIT, calendar.choose(3, true), "another one was dropped");
    calendar.dropped(2);
    assertEquals(0, calendar.saved());
    assertEquals(Choice.KEEP, calendar.choose(4, false));
    assertTrue(calendar.mayWrite(4));
    assertTrue(calendar.written(4, "four"));
  }

  @Test
  void theStateAsItIsMayBeWanted() {
    CheckpointCalendar calendar = of(100, 0, 0);
    calendar.want(7);
    assertTrue(calendar.mayWrite(7));
    calendar.want(8);
    assertEquals(7, calendar.snapshot(), "one is under way");
    assertTrue(calendar.written(7, "seven"));
    calendar.want(8);
    assertTrue(calendar.mayWrite(8));
  }

  /** However slow the disk, and whatever is dropped: what is needed comes to be, in order. */
  @Property
  void everyNeededCheckpointComesToBe(
      @ForAll @IntRange(min = 1, max = 60) int steps,
      @ForAll @IntRange(max = 7) int every,
      @ForAll @IntRange(max = 7) int judgeEvery,
      @ForAll @IntRange(min = 1, max = 9) int delay,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    CheckpointCalendar calendar = of(steps, every, judgeEvery);
    List<Long> written = new ArrayList<>();
    List<Long> dropped = new ArrayList<>();
    long version = 0;
    int busy = 0;
    int ticks = 0;
    while (written.isEmpty() || written.getLast() < steps) {
      assertTrue(ticks++ < 10_000, "the run does not end");
      if (version < steps && calendar.choose(version + 1, false) != Choice.WAIT) {
        version++;
      }
      if (calendar.mayWrite(version)) {
        busy = delay;
      }
      if (busy > 0 && --busy == 0) {
        long snapshot = calendar.snapshot();
        assertTrue(snapshot <= version);
        if (random.nextInt(4) == 0) {
          calendar.dropped(snapshot);
          dropped.add(snapshot);
        } else {
          assertTrue(calendar.written(snapshot, "on disk"));
          written.add(snapshot);
        }
        if (version == steps) {
          calendar.want(steps);
        }
      }
    }
    assertEquals(written.stream().sorted().distinct().toList(), written);
    for (long needed = 1; needed <= steps; needed++) {
      if (needed == steps || (judgeEvery > 0 && needed % judgeEvery == 0)) {
        assertTrue(
            written.contains(needed) || dropped.contains(needed),
            "no checkpoint " + needed + " in " + written);
      }
    }
  }
}
