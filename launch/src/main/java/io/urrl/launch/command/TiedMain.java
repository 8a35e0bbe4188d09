package io.urrl.launch.command;

import io.urrl.launch.command.soak.Lifeline;

/** The command line, in a process that ends with the one that started it. */
public final class TiedMain {

  /** Runs a command as {@link Main} does. */
  public static void main(String[] arguments) {
    Lifeline.hold();
    Main.main(arguments);
  }

  private TiedMain() {}
}
