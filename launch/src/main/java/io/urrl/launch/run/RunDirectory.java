package io.urrl.launch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * A run's directory: {@code run.json} (what the run is), {@code metrics.jsonl} and {@code
 * ledger.jsonl} (step by step), {@code checkpoints/}. One process at a time holds its lock.
 */
public final class RunDirectory implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Path path;
  private final FileChannel lockFile;
  private final FileLock lock;

  private RunDirectory(Path path, FileChannel lockFile, FileLock lock) {
    this.path = path;
    this.lockFile = lockFile;
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
      boolean known = Files.exists(path.resolve("run.json"));
      if (resume && !known) {
        throw new UserException("there is no run in " + path + " to resume; leave out --resume");
      }
      Files.createDirectories(path);
      RunDirectory directory = lock(path);
      if (!resume && known) {
        directory.close();
        throw new UserException(
            path + " holds a run already; go on with it by --resume, or give another --run");
      }
      return directory;
    } catch (IOException e) {
      throw new UserException(
          "run directory " + path + " cannot be used: " + e.getMessage() + "; give another --run",
          e);
    }
  }

  private static RunDirectory lock(Path path) throws IOException {
    Path file = path.resolve("run.lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      String holder = Files.readString(file).strip();
      channel.close();
      throw new UserException(
          "run directory "
              + path
              + " is in use by process "
              + holder
              + "; wait for its end or give another --run");
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
    return new RunDirectory(path, channel, lock);
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** Opens the record of a kind. */
  public JsonLines lines(String name) throws IOException {
    return new JsonLines(path.resolve(name));
  }

  /** What the run is, as it was written when it began. */
  public JsonNode description() throws IOException {
    return JSON.readTree(path.resolve("run.json").toFile());
  }

  /** Writes what the run is: whole or not at all. */
  public void describe(ObjectNode description) throws IOException {
    Path part = path.resolve("run.json.part");
    Files.writeString(
        part, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(description) + "\n");
    Files.move(
        part,
        path.resolve("run.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UserException(
          "the lock of " + path + " cannot be given back: " + e.getMessage(), e);
    }
  }
}
