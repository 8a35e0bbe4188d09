package io.urrl.launch.report;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far a piece of work is, how fast it goes and how long it will take. What an earlier run
 * left counts as done but not towards the rate. For any thread.
 */
public final class WorkMeter {
  private final ProgressLine line;
  private final String unit;
  private final LongSupplier clock;
  private final long began;
  private long total;
  private long fresh;
  private long kept;
  private boolean begun;

  /**
   * @param live whether {@code out} is a terminal
   * @param unit what is counted, in the plural
   * @param total how many there are; 0 until {@link #reach} says
   * @param clock nanoseconds
   */
  public WorkMeter(PrintStream out, boolean live, String unit, long total, LongSupplier clock) {
    this.unit = unit;
    this.total = total;
    this.clock = clock;
    began = clock.getAsLong();
    line = new ProgressLine(out, live, began);
  }

  /** Counts more. */
  public synchronized void add(long freshOnes, long keptOnes) {
    fresh += freshOnes;
    kept += keptOnes;
    showWhenDue();
  }

  /** {@code done} of {@code of} are done; what the first call says was there before. */
  public synchronized void reach(long done, long of) {
    kept = begun ? kept : done;
    begun = true;
    fresh = done - kept;
    total = of;
    showWhenDue();
  }

  /** Says something besides. */
  public synchronized void notice(String text) {
    line.say(text);
  }

  /** How many were done in this run. */
  public synchronized long fresh() {
    return fresh;
  }

  /** How many were there before. */
  public synchronized long kept() {
    return kept;
  }

  /** Shows how it ended. */
  public synchronized void finish() {
    long now = clock.getAsLong();
    line.show(text(now), now);
    line.end();
  }

  private void showWhenDue() {
    long now = clock.getAsLong();
    if (line.due(now)) {
      line.show(text(now), now);
    }
  }

  private String text(long now) {
    double seconds = (now - began) / 1e9;
    double rate = seconds > 0 ? fresh / seconds : 0;
    long left = total - fresh - kept;
    String eta = rate > 0 ? ConsoleView.duration((long) (left / rate)) : "--";
    return String.format(
        Locale.ROOT, "%,d of %,d %s  %,.0f/s  ETA %s", fresh + kept, total, unit, rate, eta);
  }
}
