package io.urrl.parameters.shard;

import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The terms that were begun in a run directory, over all processes that ever worked on it: none is
 * begun twice, so that what a forgotten process still sends never counts. The highest one stands in
 * the file {@code term}.
 */
public final class Terms {
  private final Path file;
  private int highest;

  private Terms(Path file, int highest) {
    this.file = file;
    this.highest = highest;
  }

  /**
   * Reads the highest term of a run directory.
   *
   * @throws IOException with a text for people when it cannot be read
   */
  public static Terms of(Path directory) throws IOException {
    Path file = directory.resolve("term");
    if (!Files.exists(file)) {
      return new Terms(file, 0);
    }
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + FileFailure.reason(file, e), e);
    }
    try {
      return new Terms(file, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new IOException(
          file + " holds no number; write the highest \"term\" of ledger.jsonl into it", e);
    }
  }

  /** The highest term that was ever begun, 0 when none was. */
  public int highest() {
    return highest;
  }

  /**
   * Begins a term: it is on disk when this returns.
   *
   * @param term higher than any before
   * @throws IOException with a text for people when it cannot be written
   */
  public void begin(int term) throws IOException {
    if (term <= highest) {
      throw new IllegalArgumentException("term " + term + " was begun; the highest is " + highest);
    }
    Path beside = file.resolveSibling("term.part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer text = ByteBuffer.wrap((term + "\n").getBytes(StandardCharsets.US_ASCII));
        while (text.hasRemaining()) {
          channel.write(text);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new IOException(
          "%s cannot be written: %s; mend that and start with --resume"
              .formatted(file, FileFailure.reason(file, e)),
          e);
    }
    highest = term;
  }
}
