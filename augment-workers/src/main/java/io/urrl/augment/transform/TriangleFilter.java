package io.urrl.augment.transform;

import io.urrl.augment.kernel.Taps;

/**
 * PIL's bilinear filter for resizing: a triangle, stretched to the output's pixel pitch when a
 * picture shrinks.
 */
final class TriangleFilter {

  /**
   * Plans one direction of a resize.
   *
   * @param inside input places
   * @param outside output places of the whole resize
   * @param from first output place that is wanted
   * @param places number of output places that are wanted
   * @param mirrored whether they are wanted in reverse
   * @param exact scratch for a window's weights, at least {@link #span} long
   */
  static void plan(
      Taps taps, int inside, int outside, int from, int places, boolean mirrored, double[] exact) {
    double scale = (double) inside / outside;
    double stretch = Math.max(scale, 1.0);
    double inverse = 1.0 / stretch;
    taps.reset(places, span(inside, outside));
    for (int place = 0; place < places; place++) {
      double centre = (from + place + 0.5) * scale;
      int first = Math.max(0, (int) (centre - stretch + 0.5));
      int end = Math.min(inside, (int) (centre + stretch + 0.5));
      double sum = 0;
      for (int x = 0; x < end - first; x++) {
        exact[x] = at((x + first - centre + 0.5) * inverse);
        sum += exact[x];
      }
      int target = mirrored ? places - 1 - place : place;
      taps.window(target, first, end - first);
      for (int x = 0; x < end - first; x++) {
        taps.weights()[target * taps.span() + x] =
            (int) (exact[x] / sum * (1 << Taps.PRECISION) + 0.5);
      }
    }
  }

  /** Most inputs that one output place reads. */
  static int span(int inside, int outside) {
    return (int) Math.ceil(Math.max((double) inside / outside, 1.0)) * 2 + 1;
  }

  /** The filter's value at a distance from its centre, in its own pitch. */
  private static double at(double x) {
    double distance = Math.abs(x);
    return distance < 1 ? 1 - distance : 0;
  }

  private TriangleFilter() {}
}
