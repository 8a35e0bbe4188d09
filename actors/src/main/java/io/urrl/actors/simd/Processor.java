package io.urrl.actors.simd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What Linux says of the processor. */
final class Processor {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private Processor() {}

  /** The flags of the first core; none where they cannot be read. */
  static Set<String> flags() {
    try {
      return flags(Files.readAllLines(CPUINFO, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Set.of();
    }
  }

  /** The flags of the first core in the lines of {@code /proc/cpuinfo}. */
  static Set<String> flags(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("flags") && line.contains(":"))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .map(text -> Set.copyOf(List.of(text.split("\\s+"))))
        .orElse(Set.of());
  }
}
