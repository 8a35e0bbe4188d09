package io.urrl.launch.command.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Load for a machine: a process whose threads keep cores busy and do nothing else. */
final class BusyCores implements AutoCloseable {
  private final Process process;

  private BusyCores(Process process) {
    this.process = process;
  }

  /**
   * Starts the load.
   *
   * @param threads how many cores to keep busy, at least 1
   * @param output takes what the process says
   */
  static BusyCores start(Program program, int threads, Path output) throws IOException {
    return new BusyCores(
        program.start(
            BusyCores.class, List.of(), false, List.of(Integer.toString(threads)), output));
  }

  /** Keeps as many cores busy as the first argument says. */
  public static void main(String[] arguments) {
    for (int thread = Integer.parseInt(arguments[0]); thread > 0; thread--) {
      Thread.ofPlatform().daemon().start(BusyCores::spin);
    }
    Lifeline.awaitEnd();
  }

  /** Ends after 2^64 rounds, when the generator comes to zero: in effect never. */
  private static void spin() {
    long value = 1;
    while (value != 0) {
      value = value * 0x5851f42d4c957f2dL + 1;
    }
  }

  /** Whether it still goes on. */
  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
