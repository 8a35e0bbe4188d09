package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.launch.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorder whose process was stopped while another node went on with the run. */
final class ForgottenRecorderTest {
  @TempDir private Path run;

  private final TestInbox<TrainerCommand> trainer = TestInbox.create("trainer");
  private int newest = 1;

  private BehaviorTestKit<RunEvent> recorder() {
    return BehaviorTestKit.create(
        RunRecorder.create(
            new RunRecorder.Opening() {
              @Override
              public RunFiles open() throws IOException {
                return RunFiles.open(run);
              }

              @Override
              public int newestTerm() {
                return newest;
              }
            },
            16,
            RunRecorder.Judge.NONE,
            System::nanoTime));
  }

  private void start(BehaviorTestKit<RunEvent> recorder, int term, long version) {
    recorder.run(new RunEvent.Started(term, version, 9, "a test", trainer.getRef()));
  }

  private void close(BehaviorTestKit<RunEvent> recorder, int term, long step) {
    recorder.run(RunRecorderTest.closed(term, step, trainer));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(run.resolve("ledger.jsonl"));
  }

  @Test
  void itWritesNothingWhenItGoesOn() throws IOException {
    BehaviorTestKit<RunEvent> stopped = recorder();
    start(stopped, 1, 0);
    close(stopped, 1, 0);
    newest = 2;
    BehaviorTestKit<RunEvent> successor = recorder();
    start(successor, 2, 1);
    close(successor, 2, 1);
    List<String> written = lines();
    assertEquals(2, written.size());
    assertFalse(trainer.getAllReceived().isEmpty());
    close(stopped, 1, 1);
    close(stopped, 1, 2);
    start(stopped, 1, 0);
    assertEquals(written, lines());
    assertTrue(
        trainer.getAllReceived().stream()
            .noneMatch(told -> told instanceof TrainerCommand.Recorded done && done.steps() > 1),
        "no more than it has written");
    close(successor, 2, 2);
    assertEquals(3, lines().size());
  }
}
