package io.urrl.parameters.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The local disk, which breaks at the n-th change.
 *
 * <p>As a crash: that change and all later ones do not happen, and files that were not synchronised
 * lose the second half of their bytes, as they may when the power goes. As a full disk: writes from
 * there on store half of what they are given and then fail, everything else goes on. Synchronising
 * is only recorded: the test need not wait for the device.
 */
final class FaultyDisk implements Disk {
  /** The process is gone. */
  static final class Crash extends RuntimeException {}

  private final Disk disk = new LocalDisk();
  private final Map<Path, FileChannelState> unsynced = new LinkedHashMap<>();
  private final int breaksAt;
  private final boolean full;
  private int changes;
  private boolean crashed;

  private static final class FileChannelState {
    private long bytes;
  }

  private FaultyDisk(int breaksAt, boolean full) {
    this.breaksAt = breaksAt;
    this.full = full;
  }

  static FaultyDisk sound() {
    return new FaultyDisk(Integer.MAX_VALUE, false);
  }

  static FaultyDisk crashesAt(int change) {
    return new FaultyDisk(change, false);
  }

  static FaultyDisk fullFrom(int change) {
    return new FaultyDisk(change, true);
  }

  /** Changes tried so far. */
  int changes() {
    return changes;
  }

  private void change() {
    if (crashed) {
      throw new Crash();
    }
    if (changes++ == breaksAt && !full) {
      crashed = true;
      unsynced.forEach(FaultyDisk::loseHalf);
      throw new Crash();
    }
  }

  private static void loseHalf(Path file, FileChannelState state) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(state.bytes / 2);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Output create(Path file) throws IOException {
    change();
    Output output = disk.create(file);
    FileChannelState state = new FileChannelState();
    unsynced.put(file, state);
    return new Output() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        change();
        if (full && changes > breaksAt) {
          ByteBuffer half = bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2);
          output.write(half);
          throw new IOException("No space left on device");
        }
        int count = output.write(bytes);
        state.bytes += count;
        return count;
      }

      @Override
      public void sync() throws IOException {
        change();
        unsynced.remove(file);
      }

      @Override
      public boolean isOpen() {
        return output.isOpen();
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    change();
    disk.createDirectories(directory);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    change();
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    change();
    disk.rename(from, to);
  }

  @Override
  public void link(Path link, Path target) throws IOException {
    change();
    disk.link(link, target);
  }

  @Override
  public void delete(Path path) throws IOException {
    change();
    unsynced.remove(path);
    disk.delete(path);
  }
}
