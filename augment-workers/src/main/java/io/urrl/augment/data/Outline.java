package io.urrl.augment.data;

/**
 * Outlines by which the classes of {@link Shapes} differ: closed polygons about the origin, within
 * the unit circle.
 */
enum Outline {
  CIRCLE,
  TRIANGLE,
  SQUARE,
  PENTAGON,
  STAR,
  CROSS,
  ARROW,
  ELL,
  CRESCENT,
  HOURGLASS,
  GEAR,
  BAR;

  private static final double[] ARROW_CORNERS = {
    0, -1, 0.8, -0.1, 0.32, -0.1, 0.32, 1, -0.32, 1, -0.32, -0.1, -0.8, -0.1
  };
  private static final double[] ELL_CORNERS = {
    -0.7, -0.9, -0.1, -0.9, -0.1, 0.35, 0.8, 0.35, 0.8, 0.9, -0.7, 0.9
  };
  private static final double[] HOURGLASS_CORNERS = {
    -0.8, -0.9, 0.8, -0.9, 0.12, 0, 0.8, 0.9, -0.8, 0.9, -0.12, 0
  };
  private static final double[] BAR_CORNERS = {-1, -0.24, 1, -0.24, 1, 0.24, -1, 0.24};

  /** Coordinates x, y of the corners in order. */
  double[] points() {
    return switch (this) {
      case CIRCLE -> regular(40);
      case TRIANGLE -> regular(3);
      case SQUARE -> regular(4);
      case PENTAGON -> regular(5);
      case STAR -> star(5, 0.42);
      case CROSS -> cross(0.33);
      case ARROW -> ARROW_CORNERS.clone();
      case ELL -> ELL_CORNERS.clone();
      case CRESCENT -> crescent();
      case HOURGLASS -> HOURGLASS_CORNERS.clone();
      case GEAR -> star(9, 0.72);
      case BAR -> BAR_CORNERS.clone();
    };
  }

  private static double[] regular(int corners) {
    double[] points = new double[2 * corners];
    for (int i = 0; i < corners; i++) {
      points[2 * i] = StrictMath.sin(2 * Math.PI * i / corners);
      points[2 * i + 1] = -StrictMath.cos(2 * Math.PI * i / corners);
    }
    return points;
  }

  private static double[] star(int tips, double inner) {
    double[] points = regular(2 * tips);
    for (int i = 1; i < 2 * tips; i += 2) {
      points[2 * i] *= inner;
      points[2 * i + 1] *= inner;
    }
    return points;
  }

  private static double[] cross(double arm) {
    return new double[] {
      -arm, -1, arm, -1, arm, -arm, 1, -arm, 1, arm, arm, arm, arm, 1, -arm, 1, -arm, arm, -1, arm,
      -1, -arm, -arm, -arm
    };
  }

  private static double[] crescent() {
    int half = 20;
    double[] points = new double[4 * half];
    for (int i = 0; i < half; i++) {
      double outer = Math.PI * (0.25 + 1.5 * i / (half - 1));
      points[2 * i] = StrictMath.cos(outer);
      points[2 * i + 1] = StrictMath.sin(outer);
      double inner = Math.PI * (1.75 - 1.5 * i / (half - 1));
      points[2 * (half + i)] = 0.45 + 0.72 * StrictMath.cos(inner);
      points[2 * (half + i) + 1] = 0.72 * StrictMath.sin(inner);
    }
    return points;
  }
}
