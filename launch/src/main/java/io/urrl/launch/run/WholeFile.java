package io.urrl.launch.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A small file that is replaced as a whole: whoever reads it sees what was there, or what is. */
public final class WholeFile {

  /**
   * Replaces a file. Several processes may do so at the same time: the last one's text stays.
   *
   * @param file in a directory that exists
   */
  public static void replace(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part-" + UUID.randomUUID());
    try {
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private WholeFile() {}
}
