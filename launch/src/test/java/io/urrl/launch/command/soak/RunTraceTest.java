package io.urrl.launch.command.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as a deviation of a run from another. */
final class RunTraceTest {
  @TempDir private Path place;
  private Path common;
  private Path other;

  @BeforeEach
  void record() throws IOException {
    common = RecordedRun.of(place.resolve("common"), 3);
    other = place.resolve("other");
  }

  private Optional<Deviation> deviation() throws IOException {
    RunTrace here = RunTrace.read(other);
    RunTrace there = RunTrace.read(common);
    Optional<Deviation> deviation = here.from(there);
    assertEquals(deviation.isEmpty(), here.pattern().equals(there.pattern()));
    return deviation;
  }

  @Test
  void timesWorkersAndAttemptsMayDiffer() throws IOException {
    RecordedRun run = new RecordedRun(other);
    for (int step = 0; step < 3; step++) {
      run.step(step, "2.50492572784423" + step, "gpu-worker-2", 7.25, "39efb53" + step);
    }
    assertEquals(Optional.empty(), deviation());
  }

  @Test
  void theLastDigitOfALossIsADeviation() throws IOException {
    RecordedRun.of(other, 3);
    RecordedRun.change(other, StepReader.METRICS, "2.504925727844231", "2.504925727844232");
    assertEquals(
        Optional.of(new Deviation(1, "metrics loss", "2.504925727844231", "2.504925727844232", 0)),
        deviation());
  }

  @Test
  void theTextCountsAndNotTheNumber() throws IOException {
    RecordedRun.of(other, 3);
    RecordedRun.change(other, StepReader.METRICS, "\"lr\":0.15", "\"lr\":0.150");
    assertEquals("metrics lr", deviation().orElseThrow().field());
  }

  @Test
  void aFieldOfTheLedgerIsNamedWithItsPath() throws IOException {
    RecordedRun.of(other, 3);
    RecordedRun.change(other, StepReader.LEDGER, "39efb532", "39efb53f");
    assertEquals(
        "step 2, ledger micro_batches[0].samples: 39efb53f instead of 39efb532",
        deviation().orElseThrow().text());
  }

  @Test
  void aFieldThatOnlyOneHasIsADeviation() throws IOException {
    RecordedRun.of(other, 3);
    RecordedRun.change(
        other,
        StepReader.LEDGER,
        "\"samples\":\"39efb531\"",
        "\"samples\":\"39efb531\",\"views\":\"7\"");
    assertEquals(
        Optional.of(new Deviation(1, "ledger micro_batches[0].views", "nothing", "7", 0)),
        deviation());
  }

  @Test
  void theFirstOfSeveralIsNamedAndTheOthersOfItsStepAreCounted() throws IOException {
    RecordedRun.of(other, 3);
    for (int step = 1; step < 3; step++) {
      RecordedRun.change(other, StepReader.METRICS, "2.50492572784423" + step, "3.299");
      RecordedRun.change(other, StepReader.LEDGER, "39efb53" + step, "0");
    }
    assertEquals(
        "step 1, metrics loss: 3.299 instead of 2.504925727844231 (and 1 more field)",
        deviation().orElseThrow().text());
  }

  @Test
  void aLineThatIsNoJsonIsADeviation() throws IOException {
    RecordedRun.of(other, 3);
    RecordedRun.change(other, StepReader.METRICS, "{\"step\":2", "{\"step\"2");
    assertEquals(2, deviation().orElseThrow().step());
  }

  @Test
  void aRunThatIsShorterDeviatesAfterItsEnd() throws IOException {
    RecordedRun.of(other, 2);
    Deviation deviation = deviation().orElseThrow();
    assertEquals(2, deviation.step());
    assertEquals("nothing", deviation.here());
    assertEquals(Optional.empty(), RunTrace.read(other).asFarAsItCame(RunTrace.read(common)));
  }

  @Test
  void aByteOfTheCheckpointIsADeviation() throws IOException {
    RecordedRun.of(other, 3);
    Checkpoints.write(common, 3, 1.5f);
    Checkpoints.write(other, 3, 1.5f);
    assertEquals(Optional.empty(), deviation());
    Checkpoints.write(other, 3, Math.nextUp(1.5f));
    Deviation deviation = deviation().orElseThrow();
    assertEquals(3, deviation.step());
    assertEquals("checkpoint digest", deviation.field());
    assertNotEquals(deviation.common(), deviation.here());
  }

  @Test
  void aMissingCheckpointIsADeviation() throws IOException {
    RecordedRun.of(other, 3);
    Checkpoints.write(common, 3, 1.5f);
    assertEquals("none", deviation().orElseThrow().here());
  }
}
