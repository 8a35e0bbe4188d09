package io.urrl.launch.soak;

import io.urrl.launch.Main;

/** The command line, in a process that ends with the one that started it. */
final class TiedMain {

  /** Runs a command as {@link Main} does. */
  public static void main(String[] arguments) {
    Lifeline.hold();
    Main.main(arguments);
  }

  private TiedMain() {}
}
