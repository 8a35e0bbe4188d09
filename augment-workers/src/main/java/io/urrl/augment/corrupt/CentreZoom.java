package io.urrl.augment.corrupt;

/**
 * Where SciPy's linear zoom of the centre of a row takes its values from. The centre has {@code
 * ceil(length / factor)} places; it is stretched to {@code rint(centre * factor)} places, outermost
 * value on outermost value, and the middle of that is cut out. For one thread.
 */
final class CentreZoom {
  private int[] places = new int[0];
  private double[] near = new double[0];
  private double[] far = new double[0];
  private int last;

  /** Prepares the way from a row to its zoomed centre, of equal length. */
  void prepare(int length, double factor) {
    if (places.length < length) {
      places = new int[length];
      near = new double[length];
      far = new double[length];
    }
    last = length - 1;
    int centre = (int) Math.ceil(length / factor);
    int first = (length - centre) / 2;
    int stretched = (int) Math.rint(centre * factor);
    int cut = (stretched - length) / 2;
    double step = stretched > 1 ? (centre - 1) / (double) (stretched - 1) : 1;
    for (int i = 0; i < length; i++) {
      double place = (i + cut) * step;
      int whole = (int) place;
      double before = 1 - (place - whole);
      // Rounding can put the last place behind the last value, where SciPy finds nothing but zeros.
      boolean outside = place > centre - 1;
      places[i] = first + whole;
      near[i] = outside ? 0 : before;
      far[i] = outside ? 0 : 1 - before;
    }
  }

  /** Index of the value at or before a place. */
  int before(int i) {
    return places[i];
  }

  /** Index of the value behind a place, or of the last value. */
  int behind(int i) {
    return Math.min(places[i] + 1, last);
  }

  /** Weight of the value at or before a place. */
  double near(int i) {
    return near[i];
  }

  /** Weight of the value behind a place. */
  double far(int i) {
    return far[i];
  }
}
