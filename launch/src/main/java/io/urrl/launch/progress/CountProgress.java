package io.urrl.launch.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Shows on a console how far a long row of equal pieces of work is, with rate and time to go. */
public final class CountProgress {
  private static final long PLAIN_PAUSE = Duration.ofSeconds(10).toNanos();
  private static final long LIVE_PAUSE = Duration.ofMillis(200).toNanos();

  private final PrintStream out;
  private final boolean live;
  private final String what;
  private long startedAt;
  private long shownAt;
  private long first = -1;

  /**
   * @param live whether {@code out} is a terminal
   * @param what the pieces, in the plural
   */
  public CountProgress(PrintStream out, boolean live, String what) {
    this.out = out;
    this.live = live;
    this.what = what;
  }

  /** {@code done} of {@code total} pieces are done; the rate counts from the first call. */
  public void at(long done, long total) {
    long now = System.nanoTime();
    if (first < 0) {
      first = done;
      startedAt = now;
      shownAt = now;
    }
    if (now - shownAt >= (live ? LIVE_PAUSE : PLAIN_PAUSE) || (live && done == total)) {
      shownAt = now;
      show(format(done, total, what, (done - first) * 1e9 / (now - startedAt)));
    }
  }

  /** Ends the line that is being rewritten. */
  public void end() {
    if (live && first >= 0) {
      out.println();
    }
  }

  /** The progress line. */
  static String format(long done, long total, String what, double rate) {
    String eta = rate > 0 ? ConsoleView.duration((long) ((total - done) / rate)) : "--";
    return String.format(
        Locale.ROOT, "%,d of %,d %s  %,.0f/s  ETA %s", done, total, what, rate, eta);
  }

  private void show(String text) {
    if (live) {
      out.print("\r\033[K" + text);
      out.flush();
    } else {
      out.println(text);
    }
  }
}
