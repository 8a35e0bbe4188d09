package io.urrl.launch.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/**
 * What a node printed, a file that its processes write one after the other. A process keeps its
 * file open, so one that grew large is copied to {@code NAME.log.1} and emptied; a line that is
 * printed in that moment may be lost.
 */
public final class NodeLog {
  /** What the JVM says at every start. */
  private static final String ANNOUNCEMENT = "WARNING: Using incubator modules";

  /** Begins the line before what a process printed. */
  static final String HEADER = "──── ";

  private static final int LAST_BYTES = 1 << 14;

  private final Path file;
  private final long most;

  /**
   * @param file of the log
   * @param most bytes
   */
  NodeLog(Path file, long most) {
    this.file = file;
    this.most = most;
  }

  /** Whether a line, or the beginning of a process, says something to people. */
  public static boolean speaks(String line) {
    return !line.isBlank() && !line.contains(ANNOUNCEMENT);
  }

  /** Whether a line is one that a process printed, and says something to people. */
  public static boolean tells(String line) {
    return speaks(line) && !line.startsWith(HEADER);
  }

  /** The file. */
  Path file() {
    return file;
  }

  /** A process is about to write. */
  void begin(String text) throws IOException {
    Files.createDirectories(file.getParent());
    turn();
    Files.writeString(
        file,
        HEADER + Instant.now() + " " + text + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Sets aside what is there when it is much. */
  void turn() throws IOException {
    if (Files.exists(file) && Files.size(file) > most) {
      Files.copy(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
      Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
          .close();
    }
  }

  /** The last lines of the last process. */
  List<String> last(int count) throws IOException {
    if (Files.notExists(file)) {
      return List.of();
    }
    List<String> lines = tail();
    int header = -1;
    for (int i = 0; i < lines.size(); i++) {
      header = lines.get(i).startsWith(HEADER) ? i : header;
    }
    List<String> said =
        lines.subList(header + 1, lines.size()).stream().filter(NodeLog::speaks).toList();
    return said.subList(Math.max(0, said.size() - count), said.size());
  }

  private List<String> tail() throws IOException {
    try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, reader.length() - LAST_BYTES);
      byte[] bytes = new byte[(int) (reader.length() - from)];
      reader.seek(from);
      reader.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
  }
}
