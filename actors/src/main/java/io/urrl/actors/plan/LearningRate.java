package io.urrl.actors.plan;

import java.util.List;

/**
 * The learning rate as a pure function of the optimiser step, which counts from 0.
 *
 * <p>Each schedule may begin with a linear warm-up of {@code warmUp} steps: step t of it takes (t +
 * 1) / warmUp of the base rate, and the schedule proper starts when it is over.
 */
public sealed interface LearningRate
    permits LearningRate.Cosine, LearningRate.Step, LearningRate.Constant {

  /**
   * The rate for the update that turns version {@code step} into the next one.
   *
   * @param step at least 0
   */
  double at(long step);

  /**
   * Half a cosine from {@code base} to 0 (Loshchilov and Hutter, SGDR, 2017, without restarts), as
   * in MoCo v2: base / 2 (1 + cos(pi t / T)). Past the last step it stays 0.
   *
   * @param base rate at the start
   * @param steps T, the steps of the whole run, warm-up included
   * @param warmUp steps of linear warm-up, fewer than {@code steps}
   */
  record Cosine(double base, long steps, long warmUp) implements LearningRate {
    /** Checks the ranges. */
    public Cosine {
      check(base, warmUp);
      if (steps <= warmUp) {
        throw new IllegalArgumentException(
            "a cosine over " + steps + " steps leaves none behind " + warmUp + " of warm-up");
      }
    }

    @Override
    public double at(long step) {
      if (step < warmUp) {
        return warm(base, step, warmUp);
      }
      double done = (double) Math.min(step - warmUp, steps - warmUp) / (steps - warmUp);
      return base * 0.5 * (1 + StrictMath.cos(Math.PI * done));
    }
  }

  /**
   * The base rate times {@code factor} for each milestone that has been reached.
   *
   * @param base rate at the start
   * @param milestones steps at which the rate changes, ascending, warm-up included
   * @param factor such as 0.1
   * @param warmUp steps of linear warm-up
   */
  record Step(double base, List<Long> milestones, double factor, long warmUp)
      implements LearningRate {
    /** Checks the ranges. */
    public Step {
      check(base, warmUp);
      milestones = List.copyOf(milestones);
      for (int i = 1; i < milestones.size(); i++) {
        if (milestones.get(i) <= milestones.get(i - 1)) {
          throw new IllegalArgumentException("milestones " + milestones + " do not ascend");
        }
      }
    }

    @Override
    public double at(long step) {
      if (step < warmUp) {
        return warm(base, step, warmUp);
      }
      double rate = base;
      for (long milestone : milestones) {
        if (step >= milestone) {
          rate *= factor;
        }
      }
      return rate;
    }
  }

  /**
   * The same rate throughout.
   *
   * @param base the rate
   * @param warmUp steps of linear warm-up
   */
  record Constant(double base, long warmUp) implements LearningRate {
    /** Checks the ranges. */
    public Constant {
      check(base, warmUp);
    }

    @Override
    public double at(long step) {
      return step < warmUp ? warm(base, step, warmUp) : base;
    }
  }

  private static double warm(double base, long step, long warmUp) {
    return base * (step + 1) / warmUp;
  }

  private static void check(double base, long warmUp) {
    if (!(base >= 0) || Double.isInfinite(base)) {
      throw new IllegalArgumentException("learning rate " + base + " is not a number from 0 on");
    }
    if (warmUp < 0) {
      throw new IllegalArgumentException("a warm-up of " + warmUp + " steps");
    }
  }
}
