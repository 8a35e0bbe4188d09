package io.urrl.launch.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one process at a time locks, or several that share it, with the id of the one that
 * did last.
 */
public final class ProcessLock implements AutoCloseable {
  /**
   * What this process holds. The lock of a file belongs to the process, and closing any of its
   * channels gives it up, so a second attempt here must not even open it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path real;
  private final FileChannel channel;

  private ProcessLock(Path real, FileChannel channel) {
    this.real = real;
    this.channel = channel;
  }

  /**
   * Takes a lock for this process alone.
   *
   * @param file of the lock, in a directory that exists
   * @return nothing when somebody holds it, this process included
   */
  public static Optional<ProcessLock> take(Path file) throws IOException {
    return lock(file, false);
  }

  /** The same for this process and others that share it. */
  public static Optional<ProcessLock> share(Path file) throws IOException {
    return lock(file, true);
  }

  private static Optional<ProcessLock> lock(Path file, boolean shared) throws IOException {
    Path real = real(file);
    if (!HELD.add(real)) {
      return Optional.empty();
    }
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.tryLock(0, Long.MAX_VALUE, shared) == null) {
        channel.close();
        HELD.remove(real);
        return Optional.empty();
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(id().getBytes(StandardCharsets.UTF_8)));
      return Optional.of(new ProcessLock(real, channel));
    } catch (IOException e) {
      HELD.remove(real);
      throw e;
    }
  }

  /** The id of the process that took a lock last. */
  public static String holder(Path file) throws IOException {
    return HELD.contains(real(file)) ? id() : Files.readString(file).strip();
  }

  private static Path real(Path file) throws IOException {
    return file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
  }

  private static String id() {
    return Long.toString(ProcessHandle.current().pid());
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(real);
  }
}
