package io.urrl.launch.command.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders with all that is in them. */
final class Folders {

  /** Deletes a folder; does nothing when it is not there. */
  static void delete(Path folder) throws IOException {
    for (Path file : content(folder).reversed()) {
      Files.deleteIfExists(file);
    }
  }

  /** Bytes of all files. */
  static long bytes(Path folder) throws IOException {
    long bytes = 0;
    for (Path file : content(folder)) {
      bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
    }
    return bytes;
  }

  /** The folder and everything in it, each before what it holds. */
  private static List<Path> content(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted(Comparator.naturalOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Folders() {}
}
