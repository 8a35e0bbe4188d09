package io.urrl.launch.report;

import io.urrl.actors.protocol.EvaluationCommand.Progress;
import io.urrl.launch.run.EvaluationView;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/** Shows the parts of evaluations one after the other on a console. */
public final class EvaluationMeter implements EvaluationView {
  private final PrintStream out;
  private final boolean live;
  private final LongSupplier clock;
  private WorkMeter meter;
  private String part = "";

  /**
   * @param live whether {@code out} is a terminal
   * @param clock nanoseconds
   */
  public EvaluationMeter(PrintStream out, boolean live, LongSupplier clock) {
    this.out = out;
    this.live = live;
    this.clock = clock;
  }

  @Override
  public synchronized void progress(Progress progress) {
    String now = progress.unit() + ", " + progress.title();
    if (!now.equals(part)) {
      ended();
      part = now;
      meter = new WorkMeter(out, live, now, progress.total(), clock);
      meter.reach(0, progress.total());
    }
    meter.reach(progress.done(), progress.total());
  }

  @Override
  public synchronized void ended() {
    if (meter != null) {
      meter.finish();
      meter = null;
      part = "";
    }
  }
}
