package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.config.Settings;
import io.urrl.parameters.checkpoint.CheckpointStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are asked to end, as Slurm, Kubernetes, a terminal and people do it. */
final class StopTest {
  private static final int SAMPLES = 64;
  private static final Map<String, String> LONG =
      Map.of(
          "data.source", "shapes:train=64,test=16",
          "train.epochs", "100000",
          "train.max-steps", "0",
          "checkpoint.every", "0");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP", "INT"})
  void aSignalKeepsAllStepsAndEndsWithZero(String signal) throws Exception {
    Path run = folder.resolve("run");
    List<String> said = new ArrayList<>();
    Process process = start(run);
    try (BufferedReader lines = output(process)) {
      await(lines, said, "training from step 0");
      awaitSteps(process, run.resolve("metrics.jsonl"), 3);
      kill(signal, process);
      lines.lines().forEach(said::add);
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "does not end");
    assertEquals(0, process.exitValue(), () -> String.join("\n", said));
    assertTrue(
        said.stream().anyMatch(line -> line.startsWith("SIG" + signal + ": stopping after")),
        () -> String.join("\n", said));
    assertTrue(said.getLast().startsWith("stopped at step "), said.getLast());
    assertTrue(said.getLast().endsWith("--run " + run + " --resume"), said.getLast());
    long steps = Files.readAllLines(run.resolve("metrics.jsonl")).size();
    assertEquals(steps, CheckpointStore.state(run.resolve("checkpoints/last")).step());
    Settings settings = Runs.settings(LONG);
    assertEquals(List.of(), Runs.left(settings, run, SAMPLES).audit().faults());
  }

  @Test
  void aSignalBeforeTrainingEndsAtOnce() throws Exception {
    Path data = folder.resolve("fifo.urrl");
    assertEquals(0, new ProcessBuilder("mkfifo", data.toString()).start().waitFor());
    List<String> said = new ArrayList<>();
    // Opening a pipe that nobody writes to lasts for ever: the run cannot begin.
    Process process = start(folder.resolve("run"), "--data", data.toString(), "--bn-groups", "1");
    try (BufferedReader lines = output(process)) {
      await(lines, said, "train.bn-groups is 1");
      kill("INT", process);
      lines.lines().forEach(said::add);
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "does not end");
    assertEquals(130, process.exitValue());
    assertEquals("ended by SIGINT: nothing was trained yet", said.getLast());
    assertTrue(Files.notExists(folder.resolve("run")));
  }

  private static void kill(String signal, Process process) throws Exception {
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
  }

  private static void await(BufferedReader lines, List<String> said, String text)
      throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.contains(text)) {
        return;
      }
    }
    throw new AssertionError("\"" + text + "\" was not said:\n" + String.join("\n", said));
  }

  private static void awaitSteps(Process process, Path file, int lines) throws Exception {
    while (!Files.exists(file) || Files.readAllLines(file).size() < lines) {
      assertTrue(!process.waitFor(5, TimeUnit.MILLISECONDS), "ended early");
    }
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static Process start(Path run, String... more) throws IOException {
    // Where the build itself was started with signals ignored, as by nohup, the run hears them.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
    command.addAll(RunProcess.command(LONG, run, List.of(), List.of(more)));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
