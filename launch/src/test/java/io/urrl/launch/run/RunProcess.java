package io.urrl.launch.run;

import io.urrl.launch.Main;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run in a process of its own. */
final class RunProcess {

  /**
   * Starts {@code urrl pretrain} without evaluation.
   *
   * @param overrides of {@link Runs#flags}
   * @param run its directory
   * @param options more options for the JVM
   * @param arguments more arguments of the command
   * @param output file that takes all that it prints
   */
  static Process start(
      Map<String, String> overrides,
      Path run,
      List<String> options,
      List<String> arguments,
      Path output)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--") || argument.startsWith("-X"))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "pretrain",
            "--no-evaluation",
            "--run",
            run.toString()));
    command.addAll(arguments);
    Runs.flags(overrides)
        .forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private RunProcess() {}
}
