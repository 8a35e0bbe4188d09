package io.urrl.launch.command.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what Linux says of itself below {@code /proc}. */
final class ProcFiles {
  private static final int MINOR_FAULTS = 7;

  private ProcFiles() {}

  /** Value of the first line {@code name : value} of {@code /proc/cpuinfo}. */
  static Optional<String> processor(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  /** The vector units among the processor's flags, in order of width. */
  static List<String> vectorUnits(String flags) {
    Set<String> all = Set.of(flags.split(" ", -1));
    return List.of("avx2", "avx512f", "avx512_bf16", "amx_bf16").stream()
        .filter(all::contains)
        .toList();
  }

  /** Bytes of a line {@code name: n kB} of {@code /proc/meminfo}; empty when it is not there. */
  static Optional<Long> memory(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .map(kilobytes -> Long.parseLong(kilobytes) * 1024)
        .findFirst();
  }

  /** Page faults of this process so far that needed no disk. */
  static long minorFaults() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    return minorFaults(stat);
  }

  /** Behind the command's name, which stands in parentheses and may hold anything. */
  static long minorFaults(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[MINOR_FAULTS]);
  }

  /** Lines of a file, none when it cannot be read. */
  static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      return List.of();
    }
  }
}
