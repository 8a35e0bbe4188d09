package io.urrl.augment.transform;

import io.urrl.actors.random.Philox;

/**
 * MoCo v2's ColorJitter(0.4, 0.4, 0.4, 0.1): each factor uniform, the four operations in random
 * order. Used again for every view.
 */
final class JitterPlan {
  /** Operations, in the order in which {@link #order} numbers them. */
  static final int OPERATIONS = 4;

  private static final double LEAST = 0.6;
  private static final double MOST = 1.4;
  private static final double TURN = 0.1;

  private final int[] order = new int[OPERATIONS];
  private double brightness;
  private double contrast;
  private double saturation;
  private double hue;

  double brightness() {
    return brightness;
  }

  double contrast() {
    return contrast;
  }

  double saturation() {
    return saturation;
  }

  double hue() {
    return hue;
  }

  /** The operation at a place: 0 brightness, 1 contrast, 2 saturation, 3 hue. */
  int order(int place) {
    return order[place];
  }

  void draw(Philox random) {
    brightness = random.uniform(LEAST, MOST);
    contrast = random.uniform(LEAST, MOST);
    saturation = random.uniform(LEAST, MOST);
    hue = random.uniform(-TURN, TURN);
    for (int place = 0; place < OPERATIONS; place++) {
      int other = random.nextInt(place + 1);
      order[place] = order[other];
      order[other] = place;
    }
  }

  void apply(Canvas canvas) {
    for (int operation : order) {
      switch (operation) {
        case 0 -> canvas.brightness(brightness);
        case 1 -> canvas.contrast(contrast);
        case 2 -> canvas.colour(saturation);
        default -> canvas.hue(hue);
      }
    }
  }
}
