package io.urrl.launch.command.chaos;

import io.urrl.launch.UserException;
import java.io.IOException;

/** Sends signals to processes: Java knows SIGTERM and SIGKILL alone. */
final class Signals {

  /**
   * Sends a signal; a process that is gone takes none.
   *
   * @param name without SIG
   */
  static void send(String name, long pid) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(pid))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (code != 0 && ProcessHandle.of(pid).isPresent()) {
        throw new UserException("SIG%s cannot be sent to process %d".formatted(name, pid));
      }
    } catch (IOException e) {
      throw new UserException("the command kill is needed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Signals() {}
}
