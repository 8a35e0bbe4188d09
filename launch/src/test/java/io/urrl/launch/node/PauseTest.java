package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.launch.ThisJvm;
import io.urrl.launch.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that stands still, or loses its media driver, goes on to the same end: Ctrl-Z, a paused
 * virtual machine, a driver that is killed. {@code -Durrl.test.pause=SECONDS} pauses for longer.
 */
@Timeout(300)
class PauseTest {
  private static final int SAMPLES = PictureSets.open("shapes", Split.TRAIN).size();
  private static final Map<String, String> RUN =
      Map.of("train.max-steps", "60", "workers.gpu", "2", "checkpoint.every", "7");

  /** Longer than a media driver's client may be silent. */
  private static final int PAUSE = Integer.getInteger("urrl.test.pause", 12);

  private static final Duration STEPPING_AGAIN = Duration.ofSeconds(10);

  @TempDir private Path folder;

  private Runs.Left undisturbed() throws Exception {
    Settings settings = Runs.settings(RUN);
    Runs.run(settings, folder.resolve("whole"), false, step -> {});
    return Runs.left(settings, folder.resolve("whole"), SAMPLES);
  }

  private Process start(Path run, String... arguments) throws IOException {
    return RunProcess.start(RUN, run, List.of(), List.of(arguments), folder.resolve("output.txt"));
  }

  private int lines(Path run) throws IOException {
    Path file = run.resolve("metrics.jsonl");
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  private void awaitLines(Process process, Path run, int lines)
      throws IOException, InterruptedException {
    while (lines(run) < lines) {
      boolean ended = process.waitFor(5, TimeUnit.MILLISECONDS);
      assertFalse(ended, () -> "ended early: " + output());
    }
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output.txt"));
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private static void signal(String name, Process process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  private void requireSameEnd(Process process, Path run, Runs.Left whole) throws Exception {
    assertTrue(process.waitFor(90, TimeUnit.SECONDS), () -> "does not end: " + output());
    assertEquals(0, process.exitValue(), this::output);
    assertEquals(whole, Runs.left(Runs.settings(RUN), run, SAMPLES));
  }

  @Test
  void aProcessThatWasStoppedStepsAgain() throws Exception {
    Runs.Left whole = undisturbed();
    Path run = folder.resolve("paused");
    Process process = start(run);
    awaitLines(process, run, 5);
    signal("STOP", process);
    assertFalse(process.waitFor(PAUSE, TimeUnit.SECONDS), this::output);
    int before = lines(run);
    long resumed = System.nanoTime();
    signal("CONT", process);
    awaitLines(process, run, before + 2);
    Duration took = Duration.ofNanos(System.nanoTime() - resumed);
    System.out.println(
        "stepping again after a pause of " + PAUSE + " s: " + took.toMillis() + " ms");
    assertTrue(took.compareTo(STEPPING_AGAIN) < 0, took + "\n" + output());
    requireSameEnd(process, run, whole);
  }

  private Process driver(Path directory) throws IOException {
    List<String> command = new ArrayList<>(List.of(ThisJvm.java()));
    command.addAll(ThisJvm.flags());
    command.addAll(
        List.of(
            "-Daeron.dir=" + directory,
            "-Daeron.dir.delete.on.start=true",
            "-Daeron.threading.mode=SHARED",
            "-Daeron.term.buffer.sparse.file=true",
            "-Daeron.ipc.mtu.length=65504",
            "-Daeron.mtu.length=65504",
            "-Daeron.socket.so_sndbuf=131072",
            "-Daeron.socket.so_rcvbuf=131072",
            "-Daeron.rcv.initial.window.length=131072",
            "-cp",
            ThisJvm.classPath(),
            "io.aeron.driver.MediaDriver"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("driver.txt").toFile())
        .start();
  }

  @Test
  void aMediaDriverThatIsKilledAndStartedAgainCostsSecondsAndNoBits() throws Exception {
    Runs.Left whole = undisturbed();
    Path run = folder.resolve("without-driver");
    Path directory = Path.of("/dev/shm", "urrl-test-driver-" + ProcessHandle.current().pid());
    Process first = driver(directory);
    Process second = null;
    try {
      while (!Files.exists(directory.resolve("cnc.dat"))) {
        assertFalse(first.waitFor(5, TimeUnit.MILLISECONDS), "the driver does not start");
      }
      Process process = start(run, "--set", "stream.aeron-directory=" + directory);
      awaitLines(process, run, 5);
      first.destroyForcibly().waitFor();
      second = driver(directory);
      requireSameEnd(process, run, whole);
    } finally {
      first.destroyForcibly();
      if (second != null) {
        second.destroyForcibly().waitFor();
      }
      IoUtil.delete(directory.toFile(), true);
      Files.deleteIfExists(directory.resolveSibling(directory.getFileName() + ".urrl-id"));
    }
  }
}
