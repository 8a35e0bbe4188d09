package io.urrl.launch.command.soak;

import java.nio.file.Path;

/**
 * Where a soak test keeps what it needs.
 *
 * @param root its directory
 */
record RunFolders(Path root) {
  /** What the run printed, within its directory. */
  static final String OUTPUT = "output.txt";

  /** Directory of a short run. */
  Path run(int number) {
    return root.resolve("runs").resolve("%06d".formatted(number));
  }

  Path run(Result.ShortRun one) {
    return run(one.number());
  }

  /** Directory of one of two long runs. */
  Path longRun(int number, String side) {
    return root.resolve("long").resolve("%06d-%s".formatted(number, side));
  }

  /** The longest long run without a deviation, which later ones are compared with. */
  Path longReference(String subject, String group) {
    return root.resolve("long").resolve("reference-%s-%s".formatted(subject, group));
  }

  /** Copies of the program. */
  Path program() {
    return root.resolve("program");
  }

  /** What the load says. */
  Path loadOutput() {
    return root.resolve("load.txt");
  }
}
