package io.urrl.augment.corrupt;

/**
 * The affine map that takes three points to three others, and its inverse, in OpenCV's order of
 * evaluation: x' = a x + b y + c, y' = d x + e y + f.
 */
record AffineMap(double a, double b, double c, double d, double e, double f) {
  private static final int SIZE = 6;

  /**
   * The map between two triangles.
   *
   * @param from x and y of three points
   * @param to x and y of where they go
   */
  static AffineMap between(float[] from, float[] to) {
    double[][] rows = new double[SIZE][SIZE + 1];
    for (int point = 0; point < SIZE / 2; point++) {
      for (int axis = 0; axis < 2; axis++) {
        double[] row = rows[2 * point + axis];
        row[3 * axis] = from[2 * point];
        row[3 * axis + 1] = from[2 * point + 1];
        row[3 * axis + 2] = 1;
        row[SIZE] = to[2 * point + axis];
      }
    }
    double[] solution = solve(rows);
    return new AffineMap(
        solution[0], solution[1], solution[2], solution[3], solution[4], solution[5]);
  }

  /** Gaussian elimination with partial pivoting; the last column is the right side. */
  private static double[] solve(double[][] rows) {
    for (int i = 0; i < SIZE; i++) {
      int pivot = i;
      for (int j = i + 1; j < SIZE; j++) {
        if (Math.abs(rows[j][i]) > Math.abs(rows[pivot][i])) {
          pivot = j;
        }
      }
      double[] swapped = rows[i];
      rows[i] = rows[pivot];
      rows[pivot] = swapped;
      double inverse = -1 / rows[i][i];
      for (int j = i + 1; j < SIZE; j++) {
        double factor = rows[j][i] * inverse;
        for (int k = i + 1; k <= SIZE; k++) {
          rows[j][k] += factor * rows[i][k];
        }
      }
    }
    double[] solution = new double[SIZE];
    for (int i = SIZE - 1; i >= 0; i--) {
      double sum = rows[i][SIZE];
      for (int k = i + 1; k < SIZE; k++) {
        sum -= rows[i][k] * solution[k];
      }
      solution[i] = sum / rows[i][i];
    }
    return solution;
  }

  /** The map back; of a map without one, everything goes to the origin. */
  AffineMap inverse() {
    double determinant = a * e - b * d;
    double scale = determinant != 0 ? 1 / determinant : 0;
    double newA = e * scale;
    double newE = a * scale;
    double newB = b * -scale;
    double newD = d * -scale;
    return new AffineMap(newA, newB, -newA * c - newB * f, newD, newE, -newD * c - newE * f);
  }
}
