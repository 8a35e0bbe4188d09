package io.urrl.launch.command.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs that are compared while they go on. */
final class LongComparisonTest {
  @TempDir private Path place;
  private Path first;
  private Path second;
  private Path earlier;
  private RecordedRun one;
  private RecordedRun other;

  @BeforeEach
  void begin() throws IOException {
    first = place.resolve("first");
    second = place.resolve("second");
    earlier = place.resolve("earlier");
    one = new RecordedRun(first);
    other = new RecordedRun(second);
  }

  @Test
  void stepsAreComparedWhenBothHaveThem() throws IOException {
    try (LongComparison comparison = new LongComparison(first, second, earlier)) {
      assertEquals(Optional.empty(), comparison.advance());
      one.step(0);
      one.step(1);
      assertEquals(Optional.empty(), comparison.advance());
      assertEquals(0, comparison.steps());
      other.step(0);
      assertEquals(Optional.empty(), comparison.advance());
      assertEquals(1, comparison.steps());
      other.step(1, "3.299", "gpu-worker-1", 0.5, "39efb531");
      assertEquals(
          "one of the two deviates, the second has at step 1, metrics loss: 3.299 instead of"
              + " 2.504925727844231",
          comparison.advance().orElseThrow());
      assertEquals(1, comparison.steps());
    }
  }

  @Test
  void anEarlierRunSaysWhichOfTheTwoDeviates() throws IOException {
    RecordedRun.of(earlier, 2);
    one.step(0, "3.299", "gpu-worker-1", 0.5, "39efb530");
    other.step(0);
    try (LongComparison comparison = new LongComparison(first, second, earlier)) {
      assertEquals(
          "the first deviates at step 0, metrics loss: 3.299 instead of 2.504925727844230",
          comparison.advance().orElseThrow());
    }
  }

  @Test
  void twoThatAgreeAreComparedWithAnEarlierRunAsFarAsItCame() throws IOException {
    RecordedRun.of(earlier, 2);
    RecordedRun.of(first, 4);
    RecordedRun.of(second, 4);
    try (LongComparison comparison = new LongComparison(first, second, earlier)) {
      assertEquals(Optional.empty(), comparison.advance());
      assertEquals(4, comparison.steps());
      assertEquals(2, comparison.referenceSteps());
    }
    RecordedRun.change(earlier, StepReader.LEDGER, "39efb531", "0");
    try (LongComparison comparison = new LongComparison(first, second, earlier)) {
      assertTrue(comparison.advance().orElseThrow().startsWith("both differ from an earlier run"));
    }
  }

  @Test
  void checkpointsAreComparedEvenWhenOneIsGoneBeforeTheOtherComes() throws IOException {
    Checkpoints.write(first, 200, 1.5f);
    try (LongComparison comparison = new LongComparison(first, second, earlier)) {
      assertEquals(Optional.empty(), comparison.advance());
      Folders.delete(first.resolve("checkpoints"));
      Checkpoints.write(second, 200, 1.5f);
      assertEquals(Optional.empty(), comparison.advance());
      assertEquals(1, comparison.checkpointsCompared());
      Checkpoints.write(first, 400, 1.5f);
      Checkpoints.write(second, 400, 2.5f);
      assertTrue(comparison.advance().orElseThrow().contains("at step 400, checkpoint digest"));
    }
  }

  @Test
  void aLineThatIsStillBeingWrittenWaits() throws IOException {
    one.step(0);
    other.step(0);
    java.nio.file.Files.writeString(
        second.resolve(StepReader.METRICS),
        "{\"step\":1,\"loss\":2.5",
        java.nio.file.StandardOpenOption.APPEND);
    one.step(1);
    try (LongComparison comparison = new LongComparison(first, second, earlier)) {
      assertEquals(Optional.empty(), comparison.advance());
      assertEquals(1, comparison.steps());
    }
  }
}
