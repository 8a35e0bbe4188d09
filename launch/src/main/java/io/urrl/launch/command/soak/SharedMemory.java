package io.urrl.launch.command.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the media driver of a process leaves in shared memory when it does not end as it should. */
final class SharedMemory {
  private static final Path PLACE = Path.of("/dev/shm");

  /**
   * Removes what a process left.
   *
   * @param process id of a process that is gone
   * @return bytes that it left
   */
  static long clear(long process) throws IOException {
    return clear(PLACE, process);
  }

  static long clear(Path place, long process) throws IOException {
    if (Files.notExists(place)) {
      return 0;
    }
    long bytes = 0;
    for (Path left : leftBy(place, process)) {
      bytes += Folders.bytes(left);
      Folders.delete(left);
    }
    return bytes;
  }

  private static List<Path> leftBy(Path place, long process) throws IOException {
    String prefix = "urrl-aeron-" + process + "-";
    try (Stream<Path> all = Files.list(place)) {
      return all.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private SharedMemory() {}
}
