package io.urrl.parameters.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.parameters.ParameterState;
import io.urrl.parameters.StateDigests;
import io.urrl.parameters.States;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointPinTest {
  @TempDir private Path folder;
  private final ParameterState state = ParameterState.whole(Checkpoints.LAYOUT);
  private CheckpointStore store;

  @BeforeEach
  void open() throws IOException {
    store = CheckpointStore.open(folder, 1);
  }

  @AfterEach
  void close() {
    state.close();
  }

  private Path write(long step) throws IOException {
    States.fill(state, step);
    return store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(step));
  }

  @Test
  void aPinnedCheckpointStaysUntilTheLastPinGoes() throws IOException {
    Path first = write(1);
    try (CheckpointPin _ = CheckpointPin.of(first)) {
      try (CheckpointPin _ = CheckpointPin.of(first)) {
        write(2);
        assertTrue(Files.exists(first));
      }
      write(3);
      assertTrue(CheckpointStore.damage(first).isEmpty());
    }
    write(4);
    assertFalse(Files.exists(first));
    try (Stream<Path> left = Files.list(first.getParent())) {
      assertEquals(
          Set.of("step-000000004", "last"),
          left.map(path -> path.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  /** Pins a checkpoint, says so, and holds it until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (CheckpointPin _ = CheckpointPin.of(Path.of(arguments[0]))) {
        System.out.println("pinned");
        while (System.in.read() >= 0) {
          // Only the end counts.
        }
      }
    }
  }

  @Test
  void anotherProcessesPinCounts() throws Exception {
    Path first = write(1);
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                first.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said = holder.inputReader()) {
      assertEquals("pinned", said.readLine());
      write(2);
      assertTrue(Files.exists(first));
    }
    holder.destroyForcibly();
    assertTrue(holder.waitFor(20, TimeUnit.SECONDS));
    write(3);
    assertFalse(Files.exists(first));
  }

  @Test
  void aFileThatADeadProcessLeftKeepsNothing() throws IOException {
    Path first = write(1);
    Files.createFile(first.resolveSibling(".pin-" + first.getFileName()));
    write(2);
    assertFalse(Files.exists(first));
  }

  @Test
  void whatIsGoneCannotBePinned() throws IOException {
    Path first = write(1);
    write(2);
    assertThrows(CheckpointException.class, () -> CheckpointPin.of(first));
    assertFalse(CheckpointPin.inUse(first));
  }
}
