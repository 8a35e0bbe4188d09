package io.urrl.launch.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of one JSON object a line, each with its {@code step}, in order. A line is with the
 * operating system when {@link #append} returns: killing the process does not lose it.
 */
public final class JsonLines implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final FileChannel channel;

  /** Opens the file at its end, or makes it. */
  public JsonLines(Path file) throws IOException {
    this.file = file;
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    channel.position(channel.size());
  }

  /**
   * Adds a line.
   *
   * @throws IOException with a text for people: the file, what went wrong, what to do
   */
  public void append(ObjectNode line) throws IOException {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new IOException(
          file + " cannot be written: " + e.getMessage() + "; make room and start with --resume",
          e);
    }
  }

  /** Drops the lines of {@code step} and all later ones, and a line that was cut off. */
  public void truncateFrom(long step) throws IOException {
    long keep = 0;
    try (RandomAccessFile lines = new RandomAccessFile(file.toFile(), "r")) {
      byte[] all = new byte[Math.toIntExact(lines.length())];
      lines.readFully(all);
      int start = 0;
      for (int i = 0; i < all.length; i++) {
        if (all[i] == '\n') {
          long its = JSON.readTree(all, start, i - start).path("step").asLong(Long.MAX_VALUE);
          if (its >= step) {
            break;
          }
          start = i + 1;
          keep = start;
        }
      }
    }
    channel.truncate(keep);
    channel.position(keep);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
