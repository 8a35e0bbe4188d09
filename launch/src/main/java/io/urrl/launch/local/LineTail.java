package io.urrl.launch.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads the whole lines of a file that may still grow, or still be missing. When another file takes
 * its name, or it is emptied, the lines of what is there now follow. For one thread.
 */
public final class LineTail implements AutoCloseable {
  private static final int BLOCK = 1 << 16;

  private final Path file;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).flip();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private FileChannel channel;
  private Object key;

  /** From the file's first line on. */
  public LineTail(Path file) {
    this.file = file;
  }

  /** From its next line on, after all that are there now. */
  public static LineTail fromEnd(Path file) throws IOException {
    LineTail tail = new LineTail(file);
    if (tail.open()) {
      tail.channel.position(tail.channel.size());
    }
    return tail;
  }

  /** The next line that is there up to its end. */
  public Optional<String> next() throws IOException {
    while (block.hasRemaining() || fill()) {
      byte one = block.get();
      if (one == '\n') {
        String line = begun.toString(StandardCharsets.UTF_8);
        begun.reset();
        return Optional.of(line);
      }
      begun.write(one);
    }
    return Optional.empty();
  }

  private boolean open() throws IOException {
    try {
      channel = FileChannel.open(file);
    } catch (NoSuchFileException e) {
      return false;
    }
    key = key();
    return true;
  }

  private Object key() throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private boolean fill() throws IOException {
    if (channel == null && !open()) {
      return false;
    }
    return read() || (restarted() && read());
  }

  private boolean read() throws IOException {
    block.clear();
    int count = channel.read(block);
    block.flip();
    return count > 0;
  }

  /** Whether there is another beginning to read from: the file at hand is read to its end. */
  private boolean restarted() throws IOException {
    try {
      if (channel.size() < channel.position()) {
        begun.reset();
        channel.position(0);
        return true;
      }
      if (!Objects.equals(key, key())) {
        channel.close();
        channel = null;
        begun.reset();
        return open();
      }
    } catch (NoSuchFileException e) {
      // Its successor is not there yet.
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
