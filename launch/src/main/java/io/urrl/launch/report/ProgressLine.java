package io.urrl.launch.report;

import java.io.PrintStream;
import java.time.Duration;

/**
 * A line that says how far something is: on a terminal one line that is written over several times
 * a second, elsewhere a new line every ten seconds. For one thread at a time.
 */
public final class ProgressLine {
  private static final long PLAIN_PAUSE = Duration.ofSeconds(10).toNanos();
  private static final long LIVE_PAUSE = Duration.ofMillis(200).toNanos();
  private static final String START_OF_LINE = "\r\033[K";

  private final PrintStream out;
  private final boolean live;
  private long shownAt;
  private boolean open;

  /**
   * @param live whether {@code out} is a terminal
   * @param now nanoseconds
   */
  public ProgressLine(PrintStream out, boolean live, long now) {
    this.out = out;
    this.live = live;
    shownAt = now;
  }

  /** Whether the last line is old enough for another. */
  public boolean due(long now) {
    return now - shownAt >= (live ? LIVE_PAUSE : PLAIN_PAUSE);
  }

  /** Shows the line. */
  public void show(String text, long now) {
    shownAt = now;
    if (live) {
      out.print(START_OF_LINE + text);
      out.flush();
      open = true;
    } else {
      out.println(text);
    }
  }

  /** Says something besides, on a line of its own. */
  public void say(String text) {
    out.println((live ? START_OF_LINE : "") + text);
    open = false;
  }

  /** Ends a line that is being written over. */
  public void end() {
    if (open) {
      out.println();
      open = false;
    }
  }
}
