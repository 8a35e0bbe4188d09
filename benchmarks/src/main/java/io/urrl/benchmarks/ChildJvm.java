package io.urrl.benchmarks;

import io.urrl.launch.ThisJvm;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs a main class in a JVM of its own, with the flags and the class path of this one. */
final class ChildJvm {

  /**
   * Runs a class to its end.
   *
   * @return what it printed on standard output
   * @throws UserException when it cannot be started or fails, with what it said on standard error
   */
  static String run(Class<?> main, List<String> arguments) {
    String mainClass = main.getName();
    try {
      Path errors = Files.createTempFile("urrl-bench", ".err");
      try {
        Process process =
            new ProcessBuilder(ThisJvm.command(mainClass, arguments))
                .redirectError(errors.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          throw new UserException(
              "%s failed: %s".formatted(mainClass, Files.readString(errors).strip()));
        }
        return output;
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UserException("no JVM can be started for " + mainClass + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted while " + mainClass + " was measured", e);
    }
  }

  private ChildJvm() {}
}
