package io.urrl.launch.report;

import java.io.Console;
import java.util.Optional;

/** What standard output leads to. */
public final class Terminal {

  /** Whether it is a terminal, on which a line can be written over. */
  public static boolean isLive() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  private Terminal() {}
}
