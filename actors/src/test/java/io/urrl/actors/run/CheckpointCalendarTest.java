package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.run.CheckpointCalendar.Choice;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CheckpointCalendarTest {
  private static CheckpointCalendar from(long version, long steps, int every, int judgeEvery) {
    CheckpointCalendar calendar = new CheckpointCalendar(steps, every, judgeEvery);
    calendar.restart(version);
    return calendar;
  }

  @Test
  void theEndIsACheckpointWithoutAnyInterval() {
    CheckpointCalendar calendar = from(0, 3, 0, 0);
    assertEquals(Choice.PASS, calendar.choose(1, false));
    assertEquals(Choice.PASS, calendar.choose(2, false));
    assertEquals(Choice.KEEP, calendar.choose(3, false));
    assertEquals(3, calendar.snapshot());
  }

  @Test
  void whileOneIsWrittenAnIntervalsCheckpointIsLeftOutAndANeededOneIsWaitedFor() {
    CheckpointCalendar calendar = from(0, 100, 2, 5);
    assertEquals(Choice.KEEP, calendar.choose(2, false));
    assertEquals(Choice.PASS, calendar.choose(4, false));
    assertEquals(Choice.WAIT, calendar.choose(5, false));
    assertEquals(Choice.WAIT, calendar.choose(3, true));
    assertTrue(calendar.written(2, "two"));
    assertEquals(Choice.KEEP, calendar.choose(5, false));
    assertEquals("two", calendar.last());
  }

  @Test
  void aCheckpointIsWrittenOnceAndAfterItsRecord() {
    CheckpointCalendar calendar = from(10, 100, 2, 0);
    assertEquals(Choice.KEEP, calendar.choose(12, false));
    calendar.recorded(12);
    assertFalse(calendar.mayWrite(11), "the update is not applied");
    assertTrue(calendar.mayWrite(12));
    assertFalse(calendar.mayWrite(13), "it is being written");
    assertTrue(calendar.written(12, "twelve"));
    assertEquals(Choice.KEEP, calendar.choose(14, false));
    assertFalse(calendar.mayWrite(14), "the record ends before");
    calendar.recorded(11);
    calendar.recorded(14);
    assertTrue(calendar.mayWrite(14));
  }

  @Test
  void aRestartForgetsWhatWasUnderWay() {
    CheckpointCalendar calendar = from(0, 100, 4, 0);
    assertEquals(Choice.KEEP, calendar.choose(4, false));
    calendar.recorded(4);
    assertTrue(calendar.mayWrite(4));
    calendar.restart(2);
    assertFalse(calendar.written(4, "of the shard that is gone"));
    assertEquals("none yet", calendar.last());
    assertEquals(Choice.KEEP, calendar.choose(4, false));
    assertFalse(calendar.mayWrite(4), "its record is not there again yet");
  }

  /** However slow the disk: what is needed comes to be, in order, and never beyond the record. */
  @Property
  void everyNeededCheckpointComesToBe(
      @ForAll @IntRange(min = 1, max = 60) int steps,
      @ForAll @IntRange(max = 7) int every,
      @ForAll @IntRange(max = 7) int judgeEvery,
      @ForAll @IntRange(min = 1, max = 9) int delay) {
    CheckpointCalendar calendar = from(0, steps, every, judgeEvery);
    List<Long> written = new ArrayList<>();
    long version = 0;
    int busy = 0;
    int ticks = 0;
    while (written.isEmpty() || written.getLast() < steps) {
      assertTrue(ticks++ < 10_000, "the run does not end");
      if (version < steps && calendar.choose(version + 1, false) != Choice.WAIT) {
        version++;
        calendar.recorded(version);
      }
      if (calendar.mayWrite(version)) {
        busy = delay;
      }
      if (busy > 0 && --busy == 0) {
        long snapshot = calendar.snapshot();
        assertTrue(snapshot <= version);
        assertTrue(calendar.written(snapshot, "on disk"));
        written.add(snapshot);
      }
    }
    assertEquals(written.stream().sorted().distinct().toList(), written);
    for (long needed = 1; needed <= steps; needed++) {
      if (needed == steps || (judgeEvery > 0 && needed % judgeEvery == 0)) {
        assertTrue(written.contains(needed), "no checkpoint " + needed + " in " + written);
      }
    }
  }
}
