package io.urrl.launch.command.soak;

import io.urrl.launch.ThisJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A run in a JVM of its own. */
final class RunProcess {
  private static final int LINES = 6;

  /** What the JVM says at every start. */
  private static final String ANNOUNCEMENT = "WARNING: Using incubator modules";

  private static final long DUMP_SECONDS = 20;

  private final Process process;
  private final Path folder;
  private final Stop stop;

  private RunProcess(Process process, Path folder, Stop stop) {
    this.process = process;
    this.folder = folder;
    this.stop = stop;
  }

  /**
   * Starts a run in a directory of its own; what an unfinished one left there is removed.
   *
   * @param main the command line
   * @param stop ends the run
   */
  static RunProcess start(
      Program program,
      Class<?> main,
      Configuration configuration,
      Map<String, String> settings,
      Path folder,
      Stop stop)
      throws IOException {
    Folders.delete(folder);
    Files.createDirectories(folder);
    Process process =
        program.start(
            main,
            configuration.jvmFlags(),
            configuration.systemAllocator(),
            Plan.command(settings, folder.toString()),
            folder.resolve(RunFolders.OUTPUT));
    stop.began(process);
    return new RunProcess(process, folder, stop);
  }

  /** Whether it has not ended. */
  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for the end.
   *
   * @param seconds after which the run is ended, with its threads' stacks in its output
   * @return how it failed; empty when it ended with 0
   */
  String await(long seconds) throws IOException, InterruptedException {
    if (process.waitFor(seconds, TimeUnit.SECONDS)) {
      return failure();
    }
    dumpThreads();
    end();
    return "did not end within " + seconds + " s; what its threads did then stands in its output";
  }

  /** How the run failed; empty while it goes on and when it ended with 0. */
  String failure() {
    return isAlive() || process.exitValue() == 0 ? "" : "exit code " + process.exitValue();
  }

  /** Ends the run where it is. */
  void end() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Removes what the run left in shared memory.
   *
   * @return bytes of it
   */
  long clear() throws IOException {
    stop.ended(process);
    return SharedMemory.clear(process.pid());
  }

  /** The last lines that it printed. */
  List<String> said() throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(folder.resolve(RunFolders.OUTPUT)), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank() && !line.contains(ANNOUNCEMENT))
            .toList();
    return List.copyOf(lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
  }

  private void dumpThreads() throws IOException, InterruptedException {
    String jcmd = Path.of(ThisJvm.java()).resolveSibling("jcmd").toString();
    if (Files.notExists(Path.of(jcmd))) {
      return;
    }
    Process dump =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "Thread.print")
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(RunFolders.OUTPUT).toFile()))
            .start();
    if (!dump.waitFor(DUMP_SECONDS, TimeUnit.SECONDS)) {
      dump.destroyForcibly();
    }
  }
}
