package io.urrl.launch.command.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What may decide a run's bits besides its configuration: program, machine, plan. */
final class Subject {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  /** Variables that choose libraries, instruction sets and threads. */
  private static final List<String> VARIABLES =
      List.of("PYTORCH_", "ATEN_", "OMP_", "MKL_", "DNNL_", "ONEDNN_");

  private static final int LENGTH = 12;

  /** A name, the same for the same program on the same machine with the same plan. */
  static String of(Program program, Plan plan) {
    return name(program.fingerprint(), machine(), new TreeMap<>(System.getenv()), plan);
  }

  static String name(String program, String machine, Map<String, String> environment, Plan plan) {
    StringBuilder all = new StringBuilder();
    all.append(program).append('\n').append(machine).append('\n');
    environment.forEach(
        (name, value) -> {
          if (VARIABLES.stream().anyMatch(name::startsWith)) {
            all.append(name).append('=').append(value).append('\n');
          }
        });
    new TreeMap<>(plan.settings())
        .forEach((key, value) -> all.append(key).append('=').append(value).append('\n'));
    all.append(plan.steps());
    return Hashes.of(all.toString()).substring(0, LENGTH);
  }

  /** Java, processor and its instruction sets, cores. */
  private static String machine() {
    StringBuilder all = new StringBuilder(Runtime.version().toString());
    all.append(' ').append(Runtime.getRuntime().availableProcessors());
    try {
      Files.readAllLines(PROCESSOR).stream()
          .filter(line -> line.startsWith("model name") || line.startsWith("flags"))
          .distinct()
          .sorted()
          .forEach(line -> all.append('\n').append(line));
    } catch (IOException e) {
      all.append('\n').append(System.getProperty("os.arch"));
    }
    return all.toString();
  }

  private Subject() {}
}
