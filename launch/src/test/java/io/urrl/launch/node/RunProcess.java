package io.urrl.launch.node;

import io.urrl.launch.ThisJvm;
import io.urrl.launch.command.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run in a process of its own. */
final class RunProcess {

  /**
   * The command {@code urrl pretrain} without evaluation.
   *
   * @param overrides of {@link Runs#flags}
   * @param run its directory
   * @param options more options for the JVM
   * @param arguments more arguments of the command
   */
  static List<String> command(
      Map<String, String> overrides, Path run, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(ThisJvm.java()));
    command.addAll(ThisJvm.flags());
    command.addAll(options);
    command.addAll(List.of("-cp", ThisJvm.classPath(), Main.class.getName()));
    command.addAll(List.of("pretrain", "--no-evaluation", "--run", run.toString()));
    Runs.flags(overrides)
        .forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    command.addAll(arguments);
    return command;
  }

  /**
   * Starts that command.
   *
   * @param output file that takes all that it prints
   */
  static Process start(
      Map<String, String> overrides,
      Path run,
      List<String> options,
      List<String> arguments,
      Path output)
      throws IOException {
    return new ProcessBuilder(command(overrides, run, options, arguments))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private RunProcess() {}
}
