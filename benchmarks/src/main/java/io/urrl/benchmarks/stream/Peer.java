package io.urrl.benchmarks.stream;

import io.urrl.launch.ThisJvm;
import io.urrl.launch.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;

/** A receiver in a JVM of its own, with the flags and the class path of this one. */
final class Peer implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private Peer(Process process) {
    this.process = process;
    output = process.inputReader();
  }

  static Peer start(Class<?> main, List<String> arguments) {
    try {
      return new Peer(
          new ProcessBuilder(ThisJvm.command(main.getName(), arguments))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UserException("no JVM can be started: " + e.getMessage(), e);
    }
  }

  /** The next line that it prints; null when it has ended. */
  String line() {
    try {
      return output.readLine();
    } catch (IOException e) {
      // It was ended while it was being heard.
      return null;
    }
  }

  /** The first line that it prints. */
  String ready() {
    String line = line();
    if (line == null) {
      throw new UserException("a receiver ended before it was ready");
    }
    return line;
  }

  /** Stops it where it is, or has it go on. */
  void stopped(boolean stopped) {
    String signal = stopped ? "-STOP" : "-CONT";
    try {
      int code = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new UserException("kill " + signal + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UserException("kill cannot be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted while a receiver was stopped", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
