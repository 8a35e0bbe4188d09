package io.urrl.augment.corrupted;

import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.image.JpegEncoder;
import io.urrl.augment.image.Picture;
import java.io.IOException;

/**
 * A layout on disk. What an earlier run finished is kept. For any thread, besides {@link
 * #completed} and {@link #close}.
 */
public sealed interface CorruptedWriter extends AutoCloseable permits FolderWriter, ArrayWriter {

  /** Whether a corrupted picture is there already. */
  boolean has(int number, CorruptionKind kind, int severity);

  /**
   * Writes a corrupted picture.
   *
   * @param encoder of the calling thread
   */
  void write(int number, CorruptionKind kind, int severity, Picture picture, JpegEncoder encoder)
      throws IOException;

  /** Whether an unreadable picture can be left out. */
  boolean mayLeaveOut();

  /** Hears that the first {@code pictures} are written, at all severities of all corruptions. */
  void completed(int pictures) throws IOException;

  @Override
  void close() throws IOException;
}
