package io.urrl.launch.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far a piece of work is, how fast it goes and how long it will take. What an earlier run
 * left counts as done but not towards the rate. For any thread.
 */
public final class WorkMeter {
  private static final long PLAIN_PAUSE = Duration.ofSeconds(10).toNanos();
  private static final long LIVE_PAUSE = Duration.ofMillis(200).toNanos();

  private final PrintStream out;
  private final boolean live;
  private final String unit;
  private final long total;
  private final LongSupplier clock;
  private final long began;
  private long shownAt;
  private long fresh;
  private long kept;

  /**
   * @param live whether {@code out} is a terminal
   * @param unit what is counted, in the plural
   * @param clock nanoseconds
   */
  public WorkMeter(PrintStream out, boolean live, String unit, long total, LongSupplier clock) {
    this.out = out;
    this.live = live;
    this.unit = unit;
    this.total = total;
    this.clock = clock;
    began = clock.getAsLong();
    shownAt = began;
  }

  /** Counts; shows the line when the last one is old enough. */
  public synchronized void add(long freshOnes, long keptOnes) {
    fresh += freshOnes;
    kept += keptOnes;
    long now = clock.getAsLong();
    if (now - shownAt >= (live ? LIVE_PAUSE : PLAIN_PAUSE)) {
      shownAt = now;
      show(line(now));
    }
  }

  /** Says something besides. */
  public synchronized void notice(String text) {
    out.println((live ? "\r\033[K" : "") + text);
  }

  /** How many were done in this run. */
  public synchronized long fresh() {
    return fresh;
  }

  /** How many were there before. */
  public synchronized long kept() {
    return kept;
  }

  /** Shows the last line. */
  public synchronized void finish() {
    show(line(clock.getAsLong()));
    if (live) {
      out.println();
    }
  }

  private String line(long now) {
    double seconds = (now - began) / 1e9;
    double rate = seconds > 0 ? fresh / seconds : 0;
    long left = total - fresh - kept;
    String eta = rate > 0 ? ConsoleView.duration((long) (left / rate)) : "--";
    return String.format(
        Locale.ROOT, "%d/%d %s  %.0f/s  ETA %s", fresh + kept, total, unit, rate, eta);
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
