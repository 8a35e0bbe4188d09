package io.urrl.launch.report;

import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.Result.Waits;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.launch.run.RunView;
import java.io.PrintStream;
import java.util.Locale;

/** Shows a run on a console. */
public final class ConsoleView implements RunView {
  private static final double SMOOTHING = 0.05;

  /** From this share of the GPU workers' time on, what they wait for is said as a share. */
  private static final double STARVING = 0.05;

  private final ProgressLine line;
  private final int batch;
  private long steps;
  private long first;
  private double pairsPerSecond;
  private double loss;
  private double accuracy;
  private double viewWait;
  private double workTime;

  /**
   * @param live whether {@code out} is a terminal
   * @param batch samples of a step
   */
  public ConsoleView(PrintStream out, boolean live, int batch) {
    line = new ProgressLine(out, live, System.nanoTime());
    this.batch = batch;
  }

  @Override
  public void started(long version, long total, String origin) {
    steps = total;
    first = version;
    line.say("training from step %d of %d, from %s".formatted(version, total, origin));
  }

  @Override
  public void step(RunEvent.StepClosed step, double rate) {
    // A plain mean at first: the queue is random in the first steps, and their losses stand apart.
    double share = Math.max(SMOOTHING, 1.0 / (step.step() - first + 1));
    loss += (step.loss() - loss) * share;
    accuracy += (step.accuracy() - accuracy) * share;
    // The first step waits for everything to start; the rate counts from the second on.
    boolean counted = step.step() > first;
    pairsPerSecond = counted ? smooth(pairsPerSecond, rate) : pairsPerSecond;
    double waited = step.audit().stream().map(Result::waits).mapToDouble(Waits::views).sum();
    viewWait = counted ? smooth(viewWait, waited) : viewWait;
    double all = step.audit().stream().map(Result::waits).mapToDouble(ConsoleView::sum).sum();
    workTime = counted ? smooth(workTime, all) : workTime;
    long now = System.nanoTime();
    if (line.due(now) || step.step() + 1 == steps) {
      double starve = workTime > 0 ? viewWait / workTime : 0;
      line.show(format(step, steps, loss, accuracy, pairsPerSecond, viewWait, starve, batch), now);
    }
  }

  private static double smooth(double old, double value) {
    return old == 0 ? value : old + (value - old) * SMOOTHING;
  }

  private static double sum(Waits waits) {
    return waits.views() + waits.parameters() + waits.compute() + waits.send();
  }

  /** The progress line. */
  static String format(
      RunEvent.StepClosed step,
      long steps,
      double loss,
      double accuracy,
      double pairsPerSecond,
      double viewWait,
      double starve,
      int batch) {
    int ready = step.audit().stream().mapToInt(part -> part.backlog().ready()).sum();
    int leases = step.audit().stream().mapToInt(part -> part.backlog().leases()).sum();
    long left = steps - step.step() - 1;
    String eta = pairsPerSecond > 0 ? duration((long) (left * batch / pairsPerSecond)) : "--";
    return String.format(
        Locale.ROOT,
        "epoch %d  step %d/%d  loss %.4f  acc@1 %.1f%%  lr %.4f  %.0f pairs/s  micro-batches"
            + " ready %d/%d  %s  ETA %s",
        step.epoch(),
        step.step() + 1,
        steps,
        loss,
        accuracy * 100,
        step.rate(),
        pairsPerSecond,
        ready,
        leases,
        starve >= STARVING
            ? "starving for views %.0f %%".formatted(starve * 100)
            : "waits for views %.0f ms".formatted(viewWait * 1000),
        eta);
  }

  /** Seconds as people write them. */
  public static String duration(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return "%d:%02d min".formatted(seconds / 60, seconds % 60);
    }
    return "%d:%02d h".formatted(seconds / 3600, seconds % 3600 / 60);
  }

  @Override
  public void checkpoint(long version, String path) {
    line.say("checkpoint " + path);
  }

  @Override
  public void judged(long version, Outcome outcome) {
    line.say(
        switch (outcome) {
          case Outcome.Measured measured ->
              String.format(
                  Locale.ROOT,
                  "nearest neighbours at step %d: top-1 %.2f%%, top-5 %.2f%% (%.0f s)",
                  version,
                  100 * measured.top1(),
                  100 * measured.top5(),
                  measured.seconds());
          case Outcome.Failed failed ->
              "nearest neighbours at step %d failed: %s".formatted(version, failed.text());
        });
  }

  @Override
  public void notice(String text) {
    line.say(text);
  }
}
