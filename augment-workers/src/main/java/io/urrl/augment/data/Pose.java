package io.urrl.augment.data;

import io.urrl.actors.random.Philox;

/**
 * Where and how an outline lies in a picture.
 *
 * @param x of the centre, in pixels
 * @param y of the centre, in pixels
 * @param radius of the circle about the outline, in pixels
 * @param turn angle in radians
 * @param shear of x along y
 * @param squeeze factor on y
 * @param mirror 1, or -1 for left and right exchanged
 */
record Pose(
    double x, double y, double radius, double turn, double shear, double squeeze, double mirror) {
  private static final double MARGIN = 0.15;

  /**
   * Any pose about a place inside the picture.
   *
   * @param smallest radius as a fraction of the side
   * @param largest radius as a fraction of the side
   */
  static Pose random(Philox random, double smallest, double largest) {
    return new Pose(
        Shapes.SIDE * random.uniform(MARGIN, 1 - MARGIN),
        Shapes.SIDE * random.uniform(MARGIN, 1 - MARGIN),
        Shapes.SIDE * random.uniform(smallest, largest),
        random.uniform(-0.5, 0.5),
        random.uniform(-0.15, 0.15),
        random.uniform(0.85, 1),
        random.chance(0.5) ? -1 : 1);
  }

  /** Whether its circle meets one of the first {@code count} others'. */
  boolean meets(Pose[] others, int count) {
    for (int i = 0; i < count; i++) {
      double gapX = x - others[i].x;
      double gapY = y - others[i].y;
      double reach = radius + others[i].radius;
      if (gapX * gapX + gapY * gapY < reach * reach) {
        return true;
      }
    }
    return false;
  }

  /** The corners of an outline in this pose, x and y in turn, in pixels. */
  double[] place(double[] points) {
    double cosine = StrictMath.cos(turn);
    double sine = StrictMath.sin(turn);
    double[] placed = new double[points.length];
    for (int i = 0; i < points.length; i += 2) {
      double across = mirror * points[i] + shear * points[i + 1];
      double down = squeeze * points[i + 1];
      placed[i] = x + radius * (cosine * across - sine * down);
      placed[i + 1] = y + radius * (sine * across + cosine * down);
    }
    return placed;
  }
}
