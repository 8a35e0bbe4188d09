package io.urrl.launch.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.files.FileFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of one JSON object a line, each with its {@code step}. A line is with the operating system
 * when {@link #append} returns: killing the process does not lose it. Several processes may append
 * to the same file.
 */
public final class JsonLines implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

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
      write(
          ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IOException(
          "%s cannot be written: %s; mend that and start with --resume"
              .formatted(file, FileFailure.reason(file, e)),
          e);
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Drops the lines of {@code step} and all later ones, and a line that was cut off. */
  public void truncateFrom(long step) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    boolean prefix = true;
    long keep = 0;
    try (RandomAccessFile lines = new RandomAccessFile(file.toFile(), "r")) {
      byte[] all = new byte[Math.toIntExact(lines.length())];
      lines.readFully(all);
      int start = 0;
      for (int i = 0; i < all.length; i++) {
        if (all[i] == '\n') {
          long its = JSON.readTree(all, start, i - start).path("step").asLong(Long.MAX_VALUE);
          if (its >= step) {
            prefix = false;
          } else if (prefix) {
            keep = i + 1L;
          } else {
            kept.write(all, start, i + 1 - start);
          }
          start = i + 1;
        }
      }
    }
    channel.truncate(keep);
    write(ByteBuffer.wrap(kept.toByteArray()));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
