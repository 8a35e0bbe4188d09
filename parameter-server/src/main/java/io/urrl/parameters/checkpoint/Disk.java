package io.urrl.parameters.checkpoint;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** The changes to a file system that writing a checkpoint consists of, each a point of failure. */
interface Disk {
  /** A file being written. */
  interface Output extends WritableByteChannel {
    /** Returns when all that was written has reached the device. */
    void sync() throws IOException;
  }

  /** Creates a file that must not be there yet. */
  Output create(Path file) throws IOException;

  /** Creates a directory and its missing parents. */
  void createDirectories(Path directory) throws IOException;

  /** Returns when the directory's entries have reached the device. */
  void syncDirectory(Path directory) throws IOException;

  /** Renames within one file system, at once for every observer. */
  void rename(Path from, Path to) throws IOException;

  /** Makes a symbolic link that holds {@code target} as it is. */
  void link(Path link, Path target) throws IOException;

  /** Deletes a file, a link or an empty directory. */
  void delete(Path path) throws IOException;
}
