package io.urrl.augment.transform;

import io.urrl.actors.random.Philox;

/** One of AugMix's chains: one to three operations with their parameters. Used again for views. */
final class ChainPlan {
  /** Most operations of a chain. */
  static final int DEEPEST = 3;

  private static final double LOWEST_LEVEL = 0.1;

  /** An operation and what it needs. */
  static final class Link {
    private final JitterPlan jitter = new JitterPlan();
    private AugMixOperation operation = AugMixOperation.AUTOCONTRAST;
    private double level;
    private boolean negative;
    private double parameter;

    AugMixOperation operation() {
      return operation;
    }

    /** Strength, from 0.1 to the recipe's severity. */
    double level() {
      return level;
    }

    /** Sign of geometry. */
    boolean negative() {
      return negative;
    }

    private void draw(ViewRecipe recipe, int size, Philox random) {
      operation = recipe.operations().get(random.nextInt(recipe.operations().size()));
      level = random.uniform(LOWEST_LEVEL, recipe.severity());
      negative = random.chance(0.5);
      parameter =
          operation == AugMixOperation.BLUR
              ? ViewPlan.blurSigma(random)
              : operation.parameter(level, size, negative);
      if (operation == AugMixOperation.JITTER) {
        jitter.draw(random);
      }
    }
  }

  private final Link[] links = {new Link(), new Link(), new Link()};
  private int depth;

  /** Number of operations. */
  int depth() {
    return depth;
  }

  /** An operation, from 0. */
  Link link(int index) {
    return links[index];
  }

  void draw(ViewRecipe recipe, int size, Philox random) {
    depth = 1 + random.nextInt(DEEPEST);
    for (int i = 0; i < depth; i++) {
      links[i].draw(recipe, size, random);
    }
  }

  void apply(Operations operations, Canvas canvas) {
    for (int i = 0; i < depth; i++) {
      Link link = links[i];
      link.operation.apply(operations, canvas, link.parameter, link.jitter);
    }
  }

  void describe(StringBuilder text) {
    for (int i = 0; i < depth; i++) {
      text.append(i > 0 ? "+" : "").append(links[i].operation.label());
    }
  }
}
