package io.urrl.augment.transform;

import io.urrl.actors.random.Philox;

/**
 * Everything random of one view: drawing a plan touches no pixels, and applying it draws nothing. A
 * plan is used again for every view.
 *
 * <p>T_rep is MoCo v2's: crop, jitter (probability 0.8), grayscale (0.2), blur (0.5), flip (0.5).
 * T_rob is AugMix's: crop, flip (0.5), three chains with weights of Dirichlet(1, 1, 1), and their
 * share in the mixture of Beta(1, 1).
 */
final class ViewPlan {
  /** Number of chains. */
  static final int WIDTH = 3;

  private static final double JITTER = 0.8;
  private static final double GRAYSCALE = 0.2;
  private static final double BLUR = 0.5;
  private static final double FLIP = 0.5;
  private static final double LEAST_SIGMA = 0.1;
  private static final double MOST_SIGMA = 2.0;

  private final ViewRecipe recipe;
  private final int size;
  private final CropBox box = new CropBox();
  private final JitterPlan jitter = new JitterPlan();
  private final ChainPlan[] chains = {new ChainPlan(), new ChainPlan(), new ChainPlan()};
  private final float[] weights = new float[WIDTH];
  private boolean robust;
  private boolean flipped;
  private boolean jittered;
  private boolean gray;
  private double sigma;
  private float share;

  /**
   * @param size height and width of a view
   */
  ViewPlan(ViewRecipe recipe, int size) {
    this.recipe = recipe;
    this.size = size;
  }

  /** Whether the view is T_rob's, else T_rep's. */
  boolean robust() {
    return robust;
  }

  CropBox box() {
    return box;
  }

  boolean flipped() {
    return flipped;
  }

  /** Whether there is a jitter; T_rep only. */
  boolean jittered() {
    return jittered;
  }

  JitterPlan jitter() {
    return jitter;
  }

  /** Whether the view loses its colours; T_rep only. */
  boolean gray() {
    return gray;
  }

  /** Standard deviation of the blur in pixels, 0 for none; T_rep only. */
  double sigma() {
    return sigma;
  }

  /** A chain, from 0; T_rob only. */
  ChainPlan chain(int index) {
    return chains[index];
  }

  /** Weights of the chains; T_rob only. */
  float[] weights() {
    return weights;
  }

  /** Share of the chains in the mixture; T_rob only. */
  float share() {
    return share;
  }

  /**
   * Draws the plan of a view.
   *
   * @param width of the picture
   * @param height of the picture
   * @param random at the start of the view's own stream
   */
  void draw(int width, int height, Philox random) {
    robust = random.chance(recipe.robust());
    box.draw(width, height, random);
    flipped = random.chance(FLIP);
    if (robust) {
      drawMixture(random);
    } else {
      jittered = random.chance(JITTER);
      if (jittered) {
        jitter.draw(random);
      }
      gray = random.chance(GRAYSCALE);
      sigma = recipe.blur() && random.chance(BLUR) ? blurSigma(random) : 0;
    }
  }

  /** σ of MoCo v2's blur: uniform in [0.1, 2]. */
  static double blurSigma(Philox random) {
    return random.uniform(LEAST_SIGMA, MOST_SIGMA);
  }

  private void drawMixture(Philox random) {
    // Dirichlet(1, 1, 1): exponentials over their sum.
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      double exponential = -StrictMath.log(1 - random.nextDouble());
      weights[i] = (float) exponential;
      sum += exponential;
    }
    for (int i = 0; i < WIDTH; i++) {
      weights[i] = (float) (weights[i] / sum);
    }
    share = (float) random.nextDouble();
    for (ChainPlan chain : chains) {
      chain.draw(recipe, size, random);
    }
  }

  /** What was drawn, for people: {@code T_rob flip rotate+posterize | ...}. */
  String describe() {
    StringBuilder text = new StringBuilder(robust ? "T_rob" : "T_rep");
    if (robust) {
      text.append(flipped ? " flip" : "");
      for (int i = 0; i < WIDTH; i++) {
        text.append(i == 0 ? " " : " | ");
        chains[i].describe(text);
      }
    } else {
      text.append(jittered ? " jitter" : "").append(gray ? " gray" : "");
      text.append(sigma > 0 ? " blur" : "").append(flipped ? " flip" : "");
    }
    return text.toString();
  }
}
