package io.urrl.launch.command.soak;

import io.urrl.launch.report.ProgressLine;
import java.io.PrintStream;

/** Shows a soak test on a console. For any thread. */
public final class SoakView {
  private final ProgressLine line;

  /**
   * @param live whether {@code out} is a terminal
   */
  public SoakView(PrintStream out, boolean live) {
    line = new ProgressLine(out, live, System.nanoTime());
  }

  /** Says something on a line of its own. */
  synchronized void say(String text) {
    line.say(text);
  }

  /** Shows how far it is. */
  synchronized void progress(String text) {
    long now = System.nanoTime();
    if (line.due(now)) {
      line.show(text, now);
    }
  }

  /** Ends the line that is written over. */
  synchronized void end() {
    line.end();
  }
}
