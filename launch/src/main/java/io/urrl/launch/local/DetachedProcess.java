package io.urrl.launch.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts processes that do not end with the one that starts them, nor with its terminal: in a
 * session of their own, with nothing to read, and printing to a file.
 */
final class DetachedProcess {
  /**
   * The shell makes way for what it is given, so that its id is that of the process. Where there is
   * no {@code setsid} the signals of a terminal are ignored alone.
   */
  private static final String SCRIPT =
      "trap '' INT HUP; if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; fi; exec"
          + " \"$@\"";

  /**
   * @param output is appended to
   */
  static Process start(List<String> command, Path output) throws IOException {
    List<String> whole = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "urrl"));
    whole.addAll(command);
    return new ProcessBuilder(whole)
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
        .start();
  }

  private DetachedProcess() {}
}
