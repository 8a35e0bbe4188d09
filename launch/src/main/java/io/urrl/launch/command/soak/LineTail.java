package io.urrl.launch.command.soak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the whole lines of a file that may still grow, or still be missing. For one thread. */
final class LineTail implements AutoCloseable {
  private static final int BLOCK = 1 << 16;

  private final Path file;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).flip();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private FileChannel channel;

  LineTail(Path file) {
    this.file = file;
  }

  /** The next line that is there up to its end. */
  Optional<String> next() throws IOException {
    if (channel == null) {
      if (Files.notExists(file)) {
        return Optional.empty();
      }
      channel = FileChannel.open(file);
    }
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

  private boolean fill() throws IOException {
    block.clear();
    int count = channel.read(block);
    block.flip();
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
