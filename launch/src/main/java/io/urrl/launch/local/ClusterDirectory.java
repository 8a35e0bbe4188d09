package io.urrl.launch.local;

import io.urrl.actors.files.FileFailure;
import io.urrl.launch.UserException;
import io.urrl.launch.run.ClusterFiles;
import io.urrl.launch.run.ProcessLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The files of a run's cluster, below {@code cluster/} of the run's directory: {@code wanted.json}
 * ({@link Wanted}), {@code state.json} ({@link ClusterState}), {@code settings.conf}, {@code
 * logs/NAME.log}, {@code reports/NAME.json} ({@link NodeReport}), {@code stop}, which asks the
 * trainer's node for a checkpoint and the end of the run, and {@code over.json}, by which it says
 * how the run ended.
 */
public final class ClusterDirectory {
  private static final String WANTED = "wanted.json";

  /** What whoever supervises prints is kept under this name, beside what nodes print. */
  public static final String SUPERVISOR = "supervisor";

  private static final long LOG_BYTES = 16 << 20;
  private static final Duration EDIT = Duration.ofSeconds(10);

  /** Where runs go that were given no directory. */
  private static final Path RUNS = Path.of("runs");

  private final Path run;
  private final Path folder;

  /**
   * @param run directory of the run
   */
  public ClusterDirectory(Path run) {
    this.run = run;
    folder = run.resolve(ClusterFiles.DIRECTORY);
  }

  /**
   * The cluster that somebody means.
   *
   * @param run directory of its run; null for the newest one below {@code runs/} that has a cluster
   * @throws UserException when there is none
   */
  public static ClusterDirectory find(Path run) {
    return find(run, RUNS);
  }

  static ClusterDirectory find(Path run, Path runs) {
    if (run != null) {
      ClusterDirectory given = new ClusterDirectory(run);
      if (!given.exists()) {
        throw new UserException(
            "run %s has no cluster; start one with: urrl up --run %s%s"
                .formatted(run, run, Files.exists(run.resolve("run.json")) ? " --resume" : ""));
      }
      return given;
    }
    try (Stream<Path> all = Files.isDirectory(runs) ? Files.list(runs) : Stream.empty()) {
      return all.map(ClusterDirectory::new)
          .filter(ClusterDirectory::exists)
          .max(Comparator.comparing(cluster -> cluster.wanted().begun()))
          .orElseThrow(
              () ->
                  new UserException(
                      "no run in %s has a cluster; give its directory with --run DIR, or start one"
                              .formatted(runs.toAbsolutePath())
                          + " with: urrl up"));
    } catch (IOException e) {
      throw failure(runs, "read", e);
    } catch (UncheckedIOException e) {
      throw failure(runs, "read", e.getCause());
    }
  }

  private static UserException failure(Path file, String what, IOException cause) {
    return new UserException(
        "%s cannot be %s: %s".formatted(file, what, FileFailure.reason(file, cause)), cause);
  }

  /** Whether a cluster was started here. */
  public boolean exists() {
    return Files.exists(folder.resolve(WANTED));
  }

  /** Directory of the run. */
  public Path run() {
    return run;
  }

  /** The settings of all nodes. */
  public Path settings() {
    return folder.resolve("settings.conf");
  }

  Path report(String name) {
    return folder.resolve("reports").resolve(name + ".json");
  }

  /** What a node printed. */
  NodeLog log(String name) {
    return new NodeLog(logFile(name), LOG_BYTES);
  }

  /** The file of what a node, or whoever supervises, printed. */
  public Path logFile(String name) {
    return folder.resolve("logs").resolve(name + ".log");
  }

  /** The lock of whoever supervises. */
  public Path lock() {
    return folder.resolve("supervisor.lock");
  }

  /** Removes what an earlier cluster of the run left but for its logs, and makes place for one. */
  void clear() throws IOException {
    Files.createDirectories(folder.resolve("logs"));
    Files.createDirectories(folder.resolve("reports"));
    for (Path file : List.of(folder.resolve("state.json"), stopFile(), over())) {
      Files.deleteIfExists(file);
    }
    try (Stream<Path> reports = Files.list(folder.resolve("reports"))) {
      for (Path report : reports.toList()) {
        Files.delete(report);
      }
    }
  }

  /** What should run. */
  public Wanted wanted() {
    Path file = folder.resolve(WANTED);
    try {
      return JsonFile.read(file, Wanted.class)
          .orElseThrow(() -> new NoSuchFileException(file.toString()));
    } catch (IOException e) {
      throw failure(file, "read", e);
    }
  }

  /**
   * Changes what should run.
   *
   * @return what is wanted now
   */
  public Wanted edit(UnaryOperator<Wanted> change) {
    Path file = folder.resolve(WANTED);
    try (ProcessLock _ = editing()) {
      Wanted now = change.apply(wanted());
      JsonFile.write(file, now);
      return now;
    } catch (IOException e) {
      throw failure(file, "written", e);
    }
  }

  /** Several may change it at the same time, each for a moment. */
  private ProcessLock editing() throws IOException {
    Path file = folder.resolve("wanted.lock");
    Optional<ProcessLock> lock = Waiting.first(() -> ProcessLock.take(file), EDIT);
    if (lock.isEmpty()) {
      throw new IOException("process %s holds %s".formatted(ProcessLock.holder(file), file));
    }
    return lock.get();
  }

  /** Writes what should run, for a cluster that begins. */
  void write(Wanted wanted) throws IOException {
    JsonFile.write(folder.resolve(WANTED), wanted);
  }

  /** What whoever supervises saw last. */
  public ClusterState state() {
    Path file = folder.resolve("state.json");
    try {
      return JsonFile.read(file, ClusterState.class).orElseGet(ClusterState::none);
    } catch (IOException e) {
      throw failure(file, "read", e);
    }
  }

  void write(ClusterState state) throws IOException {
    JsonFile.write(folder.resolve("state.json"), state);
  }

  /** What a node says of itself, if the process does that is meant. */
  Optional<NodeReport> report(Wanted.Node node, ProcessIdentity process) {
    try {
      if (node.isDriver()) {
        return Optional.of(NodeReport.ofDriver(node, process));
      }
      return JsonFile.read(report(node.name()), NodeReport.class)
          .filter(report -> process != null && report.pid() == process.pid());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Asks for a checkpoint and the end of the run. */
  void askForTheEnd() throws IOException {
    if (Files.notExists(stopFile())) {
      Files.createFile(stopFile());
    }
  }

  private Path stopFile() {
    return folder.resolve(ClusterFiles.STOP);
  }

  private Path over() {
    return folder.resolve(ClusterFiles.OVER);
  }

  /** How the run ended, as its trainer's node says; nothing while it goes on. */
  Optional<Over> ended() throws IOException {
    return JsonFile.read(over(), Over.class);
  }

  /**
   * The end of a run.
   *
   * @param outcome done, stopped or failed
   * @param text for people
   * @param version that it ended at
   * @param checkpoint its last one
   */
  record Over(String outcome, String text, long version, String checkpoint) {}
}
