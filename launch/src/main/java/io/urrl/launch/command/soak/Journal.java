package io.urrl.launch.command.soak;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.files.FileFailure;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * All results so far: {@code soak.jsonl}, of which one process at a time holds the lock. A line
 * that was cut off by a kill or a full disk is dropped. For one thread at a time.
 */
final class Journal implements AutoCloseable {
  static final String FILE = "soak.jsonl";

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path file;
  private final FileChannel lock;
  private final FileChannel channel;
  private final List<Result> results;

  private Journal(Path file, FileChannel lock, FileChannel channel, List<Result> results) {
    this.file = file;
    this.lock = lock;
    this.channel = channel;
    this.results = results;
  }

  /**
   * Opens the results in a directory, or begins them.
   *
   * @throws UserException when another process holds them, or a line cannot be read
   */
  static Journal open(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    FileChannel lock = channel(directory.resolve("soak.lock"));
    FileChannel channel = channel(file);
    try {
      if (lock.tryLock() == null) {
        throw new UserException(
            directory + " is in use by another soak test; wait for its end or give another --out");
      }
      byte[] all = Files.readAllBytes(file);
      int whole = all.length;
      while (whole > 0 && all[whole - 1] != '\n') {
        whole--;
      }
      channel.truncate(whole);
      channel.position(whole);
      List<Result> results = read(file, new String(all, 0, whole, StandardCharsets.UTF_8));
      return new Journal(file, lock, channel, results);
    } catch (IOException | RuntimeException e) {
      channel.close();
      lock.close();
      throw e;
    }
  }

  /** The lock has a file of its own: closing any other channel of a locked file gives it up. */
  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static List<Result> read(Path file, String text) {
    List<Result> results = new ArrayList<>();
    for (String line : text.lines().toList()) {
      try {
        results.add(JSON.readValue(line, Result.class));
      } catch (IOException e) {
        throw new UserException(
            "%s line %d is no result; remove the line, or give another --out"
                .formatted(file, results.size() + 1),
            e);
      }
    }
    return results;
  }

  /** Adds a result; it is with the operating system when this returns. */
  void append(Result result) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(
              (JSON.writerFor(Result.class).writeValueAsString(result) + "\n")
                  .getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UserException(
          "%s cannot be written: %s; make room and start again"
              .formatted(file, FileFailure.reason(file, e)),
          e);
    }
    results.add(result);
  }

  /** All results, in order. */
  List<Result> results() {
    return List.copyOf(results);
  }

  /** A number that no result has yet. */
  int nextNumber() {
    return 1 + results.stream().mapToInt(Result::number).max().orElse(0);
  }

  @Override
  public void close() throws IOException {
    try (lock;
        channel) {
      // Closing both is the point, also when one fails.
    }
  }
}
