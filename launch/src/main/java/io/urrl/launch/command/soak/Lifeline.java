package io.urrl.launch.command.soak;

import java.io.IOException;

/**
 * Ties a process to the one that started it, whose end closes this one's standard input, however it
 * ends. Without that the children of a killed soak test would go on for ever.
 */
public final class Lifeline {
  private static final int ABANDONED = 1;

  /** Ends this process when the one that started it is gone. */
  public static void hold() {
    Thread.ofPlatform()
        .name("lifeline")
        .daemon()
        .start(
            () -> {
              awaitEnd();
              Runtime.getRuntime().halt(ABANDONED);
            });
  }

  /** Waits until the process that started this one is gone. */
  static void awaitEnd() {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes; only the end counts.
      }
    } catch (IOException e) {
      // A stream that cannot be read has ended.
    }
  }

  private Lifeline() {}
}
