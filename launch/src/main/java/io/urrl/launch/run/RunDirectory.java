package io.urrl.launch.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.files.FileFailure;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * A run's directory: {@code run.json} (what the run is), {@code metrics.jsonl}, {@code
 * ledger.jsonl} and {@code evaluations.jsonl} (see {@link RunFiles}), {@code checkpoints/}. Its
 * lock is held by one process that owns the run, or shared by the nodes of the cluster that works
 * on it.
 */
public final class RunDirectory implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Path path;
  private final ProcessLock lock;

  private RunDirectory(Path path, ProcessLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Where a run goes that was given no directory. */
  public static Path standard(String recipe) {
    return Path.of("runs", recipe + "-" + STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
  }

  /**
   * Opens a run's directory and takes its lock.
   *
   * @param resume whether a run is there already and goes on; otherwise none may be there
   * @throws UserException when that is not so, or another process holds the lock
   */
  public static RunDirectory open(Path path, boolean resume) {
    try {
      boolean known = Files.exists(path.resolve(RunDescription.FILE));
      if (resume && !known) {
        throw new UserException("there is no run in " + path + " to resume; leave out --resume");
      }
      Files.createDirectories(path);
      RunDirectory directory = lock(path, false);
      if (!resume && known) {
        directory.close();
        throw new UserException(
            path + " holds a run already; go on with it by --resume, or give another --run");
      }
      return directory;
    } catch (IOException e) {
      throw new UserException(
          "run directory %s cannot be used: %s; give another --run"
              .formatted(path, FileFailure.reason(path, e)),
          e);
    }
  }

  /**
   * Takes part in the lock of a run that a cluster works on.
   *
   * @throws UserException when there is no run, or a process holds the lock for itself
   */
  public static RunDirectory share(Path path) {
    if (Files.notExists(path.resolve(RunDescription.FILE))) {
      throw new UserException(
          "there is no run in %s; trainer and parameters nodes need the directory of a run that they all see"
              .formatted(path));
    }
    try {
      return lock(path, true);
    } catch (IOException e) {
      throw new UserException(
          "run directory %s cannot be used: %s; make it writable"
              .formatted(path, FileFailure.reason(path, e)),
          e);
    }
  }

  private static RunDirectory lock(Path path, boolean shared) throws IOException {
    Path file = path.resolve("run.lock");
    Optional<ProcessLock> lock = shared ? ProcessLock.share(file) : ProcessLock.take(file);
    if (lock.isEmpty()) {
      throw inUse(path, ProcessLock.holder(file));
    }
    return new RunDirectory(path, lock.get());
  }

  private static UserException inUse(Path path, String process) {
    return new UserException(
        "run directory %s is in use by process %s; wait for its end or give another --run"
            .formatted(path, process));
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** Writes what the run is: whole or not at all. */
  public void describe(ObjectNode description) throws IOException {
    WholeFile.replace(
        path.resolve(RunDescription.FILE),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(description) + "\n");
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UserException(
          "the lock of " + path + " cannot be given back: " + e.getMessage(), e);
    }
  }
}
