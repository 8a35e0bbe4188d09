package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of any size in memory, for reading. It stays mapped as long as somebody can reach it. Safe
 * for any thread.
 *
 * <p>Pictures are copied out before they are decoded. The copy costs a hundredth of a decode, and
 * makes a disk that fails or a file that is cut short under us an exception: native code that
 * touched such a page would end the process.
 */
final class MappedFile {
  private final Path path;
  private final MemorySegment bytes;

  private MappedFile(Path path, MemorySegment bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  /**
   * Maps a file.
   *
   * @throws DataException when it cannot be read
   */
  static MappedFile open(Path path) {
    if (Files.isDirectory(path)) {
      throw new DataException(path + " is a directory; give a pack (FILE.urrl)");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      PageAdvice.random(bytes);
      return new MappedFile(path, bytes);
    } catch (NoSuchFileException e) {
      throw new DataException(FileNames.text(path) + " does not exist; give an existing one", e);
    } catch (IOException e) {
      throw new DataException(
          FileNames.text(path) + " cannot be read: " + FileFailure.reason(path, e), e);
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return bytes.byteSize();
  }

  /** All of the file. */
  MemorySegment bytes() {
    return bytes;
  }

  /** Begins to read a part ahead of its use. */
  void willNeed(long offset, long length) {
    PageAdvice.willNeed(bytes, offset, length);
  }

  /**
   * Copies a part out. Without {@link #willNeed} before it each page is waited for by itself.
   *
   * @throws DataException when the disk does not give it
   */
  void copy(long offset, byte[] into, int length) {
    try {
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, into, 0, length);
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  /** What to say when a page of the file could not be had, which the JDK says by this error. */
  DataException lost(InternalError e) {
    return new DataException(
        FileNames.text(path)
            + " cannot be read: it was cut short while in use, or the disk fails; copy it again",
        e);
  }
}
