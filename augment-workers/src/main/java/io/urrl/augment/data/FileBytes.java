package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import io.urrl.augment.image.BrokenPictureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads whole files into memory that is used again for the next file and grows to the largest one.
 * For one thread.
 */
final class FileBytes {
  /** Far above any picture's file, far below what would exhaust the heap. */
  static final int MOST_BYTES = 1 << 28;

  private static final int PIECE = 1 << 16;

  private byte[] bytes = new byte[PIECE];

  /** The file that was read last; bytes behind its length mean nothing. */
  byte[] bytes() {
    return bytes;
  }

  /** The memory, with room for {@code length} bytes; their content is undefined. */
  byte[] ofSize(int length) {
    if (bytes.length < length) {
      bytes = new byte[Math.max(length, (int) Math.min(2L * bytes.length, MOST_BYTES))];
    }
    return bytes;
  }

  /**
   * Reads a file.
   *
   * @return its length, at least 1
   * @throws BrokenPictureException when it is empty, or no shorter than {@link #MOST_BYTES}
   * @throws DataException when the disk does not give it
   */
  int read(Path file) throws BrokenPictureException {
    int length = 0;
    // The stream of a file, unlike its channel, is deaf to interrupts: those are no broken picture.
    try (InputStream stream = Files.newInputStream(file)) {
      while (true) {
        if (length == bytes.length) {
          grow();
        }
        // In pieces, because the JDK keeps a native copy as large as the largest read.
        int count = stream.read(bytes, length, Math.min(PIECE, bytes.length - length));
        if (count < 0) {
          break;
        }
        length += count;
      }
    } catch (NoSuchFileException e) {
      throw new DataException(
          FileNames.text(file)
              + " is gone since the data set was listed; put it back or begin anew",
          e);
    } catch (AccessDeniedException e) {
      throw new DataException(
          FileNames.text(file) + " may not be read; give it to this user (chmod, chown)", e);
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be read: %s; mend or copy the disk, or remove the file"
              .formatted(FileNames.text(file), FileFailure.reason(file, e)),
          e);
    }
    if (length == 0) {
      throw new BrokenPictureException("the file is empty");
    }
    return length;
  }

  /** What a file of {@link #MOST_BYTES} or more is. */
  static BrokenPictureException tooLarge() {
    return new BrokenPictureException("the file has %d MiB or more".formatted(MOST_BYTES >> 20));
  }

  private void grow() throws BrokenPictureException {
    if (bytes.length >= MOST_BYTES) {
      throw tooLarge();
    }
    bytes = Arrays.copyOf(bytes, 2 * bytes.length);
  }
}
