package io.urrl.launch.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Who waits for whom: whether the augment workers make views as fast as the GPU workers take them.
 *
 * <p>Of every step it is told how long the GPU workers stood still for views, and now and then how
 * busy each augment worker was. Over the last half minute that gives the share {@code f} of their
 * time that the GPU workers starved, and the share {@code u} of their time that the {@code A}
 * augment workers were at work. Views are made at the rate of {@code A·u} workers; the GPU workers
 * would take {@code 1 / (1 - f)} times as many.
 *
 * <p>Touches no clock. A state is left at another share than it is entered, and a change has to be
 * seen a second time, so that nothing flaps. Not for several threads.
 */
public final class Feeding {
  /** How far back steps count. */
  static final long WINDOW_NANOS = 30_000_000_000L;

  /** Steps that count in any case. */
  static final int LEAST_STEPS = 20;

  /** So long it takes to judge. */
  static final long LEAST_NANOS = 10_000_000_000L;

  /** From this share of their time on, GPU workers starve. */
  static final double STARVING = 0.05;

  /** Below this share they do not starve any longer. */
  static final double FED = 0.02;

  /** Below this share, augment workers may be idle. */
  static final double ALWAYS_FED = 0.01;

  /** How busy those should be who stay when others go. */
  private static final double STAY_BUSY = 0.7;

  /** How busy those that stay would have to be for none to go any longer. */
  private static final double TOO_BUSY = 0.8;

  /**
   * From here on augment workers of GPU workers that starve count as busy all the time: tasks come
   * in bursts, between which they wait.
   */
  private static final double ALL_BUSY = 0.6;

  private static final double MOST_STARVING = 0.95;
  private static final double EPSILON = 1e-9;

  private enum Verdict {
    FED,
    STARVING,
    IDLE
  }

  /**
   * How it stands.
   *
   * @param workers augment workers that are there
   * @param starve share of their time that the GPU workers stand still for views; empty when it is
   *     too early to say
   * @param busy share of their time that the augment workers are at work; empty when they have not
   *     said
   * @param more augment workers that are missing; negative when so many could go
   */
  public record Report(int workers, OptionalDouble starve, OptionalDouble busy, int more) {}

  private record Step(long nanos, double starved, double all) {}

  private record Load(long nanos, long busyMillis, long millis) {}

  private final Deque<Step> steps = new ArrayDeque<>();
  private final Map<Object, Deque<Load>> loads = new HashMap<>();
  private Set<Object> workers = Set.of();

  /** The next step began before what is to be judged did. */
  private boolean begins = true;

  /** Nothing has been judged since what is to be judged began. */
  private boolean anew = true;

  private Verdict verdict = Verdict.FED;

  /** Workers that there were when people were last told. */
  private int told;

  private Report report = new Report(0, OptionalDouble.empty(), OptionalDouble.empty(), 0);

  /** The run goes on after a while without steps. */
  public void restart() {
    begins = true;
    forget();
    report = new Report(workers.size(), OptionalDouble.empty(), OptionalDouble.empty(), 0);
  }

  /** Begins to judge anew: what was before says nothing of what is now. */
  private void forget() {
    anew = true;
    steps.clear();
    for (Deque<Load> all : loads.values()) {
      while (all.size() > 1) {
        all.removeFirst();
      }
    }
  }

  /** These augment workers are there. With other ones, what was before says nothing. */
  public void workers(Set<?> present) {
    if (!workers.equals(present)) {
      workers = new HashSet<>(present);
      loads.keySet().retainAll(workers);
      restart();
    }
  }

  /**
   * How busy an augment worker was.
   *
   * @param nanos of a clock that only goes forward
   * @param busyMillis that it was at work since it began
   * @param millis since it began
   */
  public void load(long nanos, Object worker, long busyMillis, long millis) {
    if (!workers.contains(worker)) {
      return;
    }
    Deque<Load> all = loads.computeIfAbsent(worker, any -> new ArrayDeque<>());
    if (all.isEmpty() || millis > all.getLast().millis()) {
      all.addLast(new Load(nanos, busyMillis, millis));
    }
    while (all.size() > 2 && nanos - all.getFirst().nanos() > WINDOW_NANOS) {
      all.removeFirst();
    }
  }

  /**
   * A step is over.
   *
   * @param nanos of a clock that only goes forward
   * @param starved seconds that its GPU workers stood still for views
   * @param all seconds that it took them with everything
   * @return what people should know, when something has changed
   */
  public Optional<String> step(long nanos, double starved, double all) {
    if (begins) {
      begins = false;
      return Optional.empty();
    }
    steps.addLast(new Step(nanos, starved, all));
    while (steps.size() > LEAST_STEPS && nanos - steps.getFirst().nanos() > WINDOW_NANOS) {
      steps.removeFirst();
    }
    double sum = steps.stream().mapToDouble(Step::all).sum();
    if (workers.isEmpty()
        || steps.size() < LEAST_STEPS
        || nanos - steps.getFirst().nanos() < LEAST_NANOS
        || sum <= 0) {
      return Optional.empty();
    }
    double starve = steps.stream().mapToDouble(Step::starved).sum() / sum;
    return judge(Math.clamp(starve, 0, 1), busy());
  }

  private OptionalDouble busy() {
    double sum = 0;
    int known = 0;
    for (Deque<Load> all : loads.values()) {
      long millis = all.getLast().millis() - all.getFirst().millis();
      if (millis > 0) {
        sum += (double) (all.getLast().busyMillis() - all.getFirst().busyMillis()) / millis;
        known++;
      }
    }
    return 2 * known <= workers.size()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.clamp(sum / known, 0, 1));
  }

  private Optional<String> judge(double starve, OptionalDouble busy) {
    Verdict before = verdict;
    Verdict now = verdict(starve, busy);
    if (now != before && !anew) {
      // Half of what was seen is of before it changed: numbers come of what follows alone.
      forget();
      return Optional.empty();
    }
    anew = false;
    verdict = now;
    int more =
        switch (verdict) {
          case FED -> 0;
          case STARVING -> missing(starve, busy.orElse(1));
          case IDLE -> enough(busy.orElse(1), STAY_BUSY) - workers.size();
        };
    // One can go, though those who stay will be a little busier than others have to be.
    more = verdict == Verdict.IDLE ? Math.min(more, -1) : more;
    report = new Report(workers.size(), OptionalDouble.of(starve), busy, more);
    boolean news = verdict != before || (verdict != Verdict.FED && told != workers.size());
    if (!news) {
      return Optional.empty();
    }
    told = workers.size();
    return text(before);
  }

  private Verdict verdict(double starve, OptionalDouble busy) {
    if (starve >= (verdict == Verdict.STARVING ? FED : STARVING)) {
      return Verdict.STARVING;
    }
    boolean already = verdict == Verdict.IDLE;
    return busy.isPresent()
            && starve < (already ? FED : ALWAYS_FED)
            && enough(busy.getAsDouble(), already ? TOO_BUSY : STAY_BUSY) < workers.size()
        ? Verdict.IDLE
        : Verdict.FED;
  }

  /** Workers that would make the same views, each busy for a share of its time. */
  private int enough(double busy, double each) {
    return Math.max(1, (int) Math.ceil(workers.size() * busy / each - EPSILON));
  }

  private int missing(double starve, double busy) {
    double rate = workers.size() * (busy >= ALL_BUSY ? 1 : busy);
    int needed = (int) Math.ceil(rate / (1 - Math.min(starve, MOST_STARVING)) - EPSILON);
    return Math.max(busy >= ALL_BUSY ? 1 : 0, needed - workers.size());
  }

  private Optional<String> text(Verdict before) {
    long percent = Math.round(100 * report.starve().orElse(0));
    int more = report.more();
    return switch (verdict) {
      case STARVING ->
          Optional.of(
              "GPU workers starve for views (%d %% of their time): %s"
                  .formatted(
                      percent,
                      more > 0
                          ? "about %d more augment worker%s would feed them"
                              .formatted(more, more == 1 ? "" : "s")
                          : ("more augment workers would not help, they are at work only %d %% of"
                                  + " theirs; a larger workers.prefetch or a smaller"
                                  + " workers.samples-per-task might")
                              .formatted(Math.round(100 * report.busy().orElse(1)))));
      case IDLE ->
          Optional.of(
              "augment workers are idle: %d of %d would be enough"
                  .formatted(workers.size() + more, workers.size()));
      case FED ->
          before == Verdict.STARVING
              ? Optional.of("GPU workers get their views in time")
              : Optional.empty();
    };
  }

  /** How it stands after the last step. */
  public Report report() {
    return report;
  }
}
