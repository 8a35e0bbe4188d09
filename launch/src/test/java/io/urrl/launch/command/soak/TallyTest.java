package io.urrl.launch.command.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which runs count as deviating, and the table. */
final class TallyTest {

  private static List<Integer> deviating(Result... results) {
    return new Tally(List.of(results), "subject")
        .deviating().stream().map(Result.ShortRun::number).toList();
  }

  @Test
  void theMajorityIsRightEvenWhenTheFirstRunIsNot() {
    assertEquals(
        List.of(1),
        deviating(
            RecordedRun.result(1, "default", "wrong"),
            RecordedRun.result(2, "udp", "right"),
            RecordedRun.result(3, "default", "right")));
  }

  @Test
  void ofTwoThatDifferTheLaterOneDeviatesForNow() {
    assertEquals(
        List.of(2),
        deviating(RecordedRun.result(1, "default", "one"), RecordedRun.result(2, "udp", "other")));
  }

  @Test
  void groupsAndSubjectsAreComparedAmongThemselves() {
    Result.ShortRun one = RecordedRun.result(1, "default", "a");
    assertEquals(
        List.of(),
        deviating(
            one,
            new Result.ShortRun(
                "subject", 2, "tensor-threads-2", "h", 12, 20, "b", "", List.of(), 0),
            new Result.ShortRun("another", 3, "default", "g", 12, 20, "c", "", List.of(), 0)));
  }

  @Test
  void aFailureIsNoDeviationAndNoVote() {
    Tally tally =
        new Tally(
            List.of(
                RecordedRun.failure(1, "default", "exit code 1"),
                RecordedRun.failure(2, "default", "exit code 1"),
                RecordedRun.result(3, "default", "right")),
            "subject");
    assertEquals(List.of(), tally.deviating());
    assertEquals("right", tally.common("g").orElseThrow());
    assertEquals(2, tally.total().failures());
    assertFalse(tally.clean());
  }

  @Test
  void withoutDeviationAndFailureAllIsWell() {
    assertTrue(new Tally(List.of(RecordedRun.result(1, "default", "right")), "subject").clean());
    assertTrue(new Tally(List.of(), "subject").clean());
  }

  @Test
  void theTableHasALineForEachConfigurationAndWhatWentWrongBelow() {
    Tally tally =
        new Tally(
            List.of(
                RecordedRun.result(1, "default", "right"),
                RecordedRun.result(2, "small-young", "right"),
                RecordedRun.result(3, "small-young", "wrong"),
                RecordedRun.failure(4, "default", "exit code 1"),
                new Result.LongPair("subject", 5, "default", "g", 1200, 6, 90, "", "", List.of())),
            "subject");
    assertEquals(
        List.of(
            "configuration   runs       steps  deviations  failures      s/run",
            "default            2          15           0         1       20.0",
            "small-young        2          24           1         0       20.0",
            "default, long      2       2,400           0         0       90.0",
            "all                6       2,439           1         1       43.3",
            "run 3 (small-young) has other bits than the common ones of 2 runs: the directories of"
                + " runs 1 and 3 are gone; kept in nowhere/runs/000003",
            "run 4 (default) failed: exit code 1, at step 3",
            "    urrl: NaN",
            "7 results of another program, machine or plan stand in soak.jsonl and are not"
                + " counted"),
        new Report(tally, new RunFolders(Path.of("nowhere")), 7).lines());
  }
}
