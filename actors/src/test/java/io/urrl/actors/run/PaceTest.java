package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long LONGEST = 60_000;

  private final Pace pace = new Pace(LONGEST);

  @Test
  void beforeAnythingIsDoneTheDeadlineIsTheLongest() {
    assertEquals(LONGEST, pace.deadline());
  }

  @Test
  void theDeadlineIsFourTimesTheSlowestWithinItsBounds() {
    pace.add(10);
    assertEquals(2_000, pace.deadline());
    pace.add(3_000);
    pace.add(1_000);
    assertEquals(12_000, pace.deadline());
    pace.add(59_000);
    assertEquals(LONGEST, pace.deadline());
  }

  @Test
  void whatWasSlowLongAgoIsForgotten() {
    pace.add(5_000);
    for (int i = 0; i < 31; i++) {
      pace.add(1_000);
    }
    assertEquals(20_000, pace.deadline());
    pace.add(1_000);
    assertEquals(4_000, pace.deadline());
  }
}
