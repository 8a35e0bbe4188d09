package io.urrl.launch.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.files.FileFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A file of one JSON object a line, each with its {@code step}. A line is with the operating system
 * when {@link #append} returns: killing the process does not lose it. Several processes may append
 * to the same file.
 */
public final class JsonLines implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NEWEST = 16 << 10;

  private final Path file;
  private final FileChannel channel;

  /** Opens the file at its end, or makes it. */
  public JsonLines(Path file) throws IOException {
    this.file = file;
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Adds a line.
   *
   * @throws IOException with a text for people: the file, what went wrong, what to do
   */
  public void append(ObjectNode line) throws IOException {
    try {
      long before = channel.size();
      try {
        write(
            ByteBuffer.wrap(
                (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        // Half a line would stand before the next one.
        channel.truncate(before);
        throw e;
      }
    } catch (IOException e) {
      throw failure("written", e);
    }
  }

  private IOException failure(String what, IOException cause) {
    return new IOException(
        "%s cannot be %s: %s; mend that and start with --resume"
            .formatted(file, what, FileFailure.reason(file, cause)),
        cause);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Drops the lines of {@code step} and all later ones, and a line that was cut off.
   *
   * @throws IOException with a text for people: the file, what went wrong, what to do
   */
  public void truncateFrom(long step) throws IOException {
    try {
      keepBefore(step);
    } catch (IOException e) {
      throw failure("shortened", e);
    }
  }

  private void keepBefore(long step) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    boolean prefix = true;
    long keep = 0;
    byte[] all = Files.readAllBytes(file);
    int start = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == '\n') {
        if (stepOf(all, start, i - start) >= step) {
          prefix = false;
        } else if (prefix) {
          keep = i + 1L;
        } else {
          kept.write(all, start, i + 1 - start);
        }
        start = i + 1;
      }
    }
    channel.truncate(keep);
    write(ByteBuffer.wrap(kept.toByteArray()));
  }

  /** The last whole line, if there is one that is JSON. */
  public Optional<JsonNode> last() throws IOException {
    byte[] all = Files.readAllBytes(file);
    int end = all.length;
    while (end > 0 && all[end - 1] != '\n') {
      end--;
    }
    int start = Math.max(0, end - 1);
    while (start > 0 && all[start - 1] != '\n') {
      start--;
    }
    try {
      return end == 0 ? Optional.empty() : Optional.of(JSON.readTree(all, start, end - start));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * The last whole line of a file that another process may be writing, if there is one that is JSON
   * and has less than 16 KiB.
   */
  public static Optional<JsonNode> newest(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer tail = ByteBuffer.allocate((int) Math.min(size, NEWEST));
      while (tail.hasRemaining() && channel.read(tail, size - tail.remaining()) > 0) {
        // Until all of it is read, or it was cut meanwhile.
      }
      String text = new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n');
      int start = text.lastIndexOf('\n', end - 1);
      return end < 0 ? Optional.empty() : parsed(text.substring(start + 1, end));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether there is a line of that kind. */
  boolean has(Predicate<JsonNode> kind) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(JsonLines::parsed).flatMap(Optional::stream).anyMatch(kind);
    } catch (UncheckedIOException e) {
      throw failure("read", e.getCause());
    }
  }

  private static Optional<JsonNode> parsed(String line) {
    try {
      return Optional.of(JSON.readTree(line));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The step of a line; a line that is no JSON is of none and goes with the later ones. */
  private static long stepOf(byte[] all, int start, int length) throws IOException {
    try {
      return JSON.readTree(all, start, length).path("step").asLong(Long.MAX_VALUE);
    } catch (JsonProcessingException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
