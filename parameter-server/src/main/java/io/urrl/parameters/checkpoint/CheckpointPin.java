package io.urrl.parameters.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps a checkpoint from being pruned while somebody reads it: a shared lock on a file beside it,
 * which other processes see, too, and which goes with the process that holds it. Where that file
 * cannot be written or locked, only this process's own pins count.
 */
public final class CheckpointPin implements AutoCloseable {
  private static final String PREFIX = ".pin-";

  /**
   * Pins of this process. A file has one channel for all of them: closing any channel of a file
   * gives up all locks that the process has on it.
   */
  private static final Map<Path, Held> HELD = new HashMap<>();

  private static final class Held {
    private final FileChannel channel;
    private final FileLock lock;
    private int pins;

    Held(FileChannel channel, FileLock lock) {
      this.channel = channel;
      this.lock = lock;
    }
  }

  private final Path file;

  private CheckpointPin(Path file) {
    this.file = file;
  }

  /**
   * Pins a checkpoint.
   *
   * @throws CheckpointException when it is not there
   */
  public static CheckpointPin of(Path checkpoint) throws CheckpointException {
    Path file = fileOf(checkpoint);
    synchronized (HELD) {
      HELD.computeIfAbsent(file, CheckpointPin::lock).pins++;
    }
    CheckpointPin pin = new CheckpointPin(file);
    if (!Files.exists(checkpoint.resolve(StateFile.NAME))) {
      pin.close();
      throw new CheckpointException(checkpoint + ": is no checkpoint, or is not there any more");
    }
    return pin;
  }

  private static Held lock(Path file) {
    try {
      while (true) {
        FileChannel channel =
            FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.lock(0, Long.MAX_VALUE, true);
        if (Files.exists(file)) {
          return new Held(channel, lock);
        }
        // Whoever held the lock before has removed the file: nobody else would see this one.
        channel.close();
      }
    } catch (IOException _) {
      // Read-only storage, or one without locks: other processes do not see the pin.
      return new Held(null, null);
    }
  }

  /** Whether anybody has pinned the checkpoint. */
  static boolean inUse(Path checkpoint) throws IOException {
    Path file = fileOf(checkpoint);
    synchronized (HELD) {
      if (HELD.containsKey(file)) {
        return true;
      }
      if (!Files.exists(file)) {
        return false;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock == null) {
          return true;
        }
        Files.delete(file);
        return false;
      }
    }
  }

  private void removeUnlessHeld(FileChannel channel) throws IOException {
    try (FileLock alone = channel.tryLock()) {
      if (alone != null) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static Path fileOf(Path checkpoint) {
    Path place = checkpoint.toAbsolutePath().normalize();
    return place.resolveSibling(PREFIX + place.getFileName());
  }

  /** Lets it go. */
  @Override
  public void close() {
    synchronized (HELD) {
      Held held = HELD.get(file);
      held.pins--;
      if (held.pins > 0) {
        return;
      }
      HELD.remove(file);
      try {
        if (held.channel != null) {
          held.lock.release();
          removeUnlessHeld(held.channel);
          held.channel.close();
        }
      } catch (IOException _) {
        // The lock is gone with the descriptor; a file that is left is removed by the pruner.
      }
    }
  }
}
