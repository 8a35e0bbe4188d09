package io.urrl.augment.transform;

import io.urrl.augment.kernel.Taps;

/** PIL's filters for resizing, stretched to the output's pixel pitch when a picture shrinks. */
public enum ResizeFilter {
  /** A triangle. */
  BILINEAR(1) {
    @Override
    double at(double x) {
      double distance = Math.abs(x);
      return distance < 1 ? 1 - distance : 0;
    }
  },
  /** Keys' cubic convolution with a = −0.5. */
  BICUBIC(2) {
    private static final double A = -0.5;

    @Override
    double at(double x) {
      double distance = Math.abs(x);
      if (distance < 1) {
        return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
      }
      return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * A : 0;
    }
  };

  private final double support;

  ResizeFilter(double support) {
    this.support = support;
  }

  /** The filter's value at a distance from its centre, in its own pitch. */
  abstract double at(double x);

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
  void plan(
      Taps taps, int inside, int outside, int from, int places, boolean mirrored, double[] exact) {
    double scale = (double) inside / outside;
    double stretch = Math.max(scale, 1.0);
    double reach = support * stretch;
    double inverse = 1.0 / stretch;
    taps.reset(places, span(inside, outside));
    for (int place = 0; place < places; place++) {
      double centre = (from + place + 0.5) * scale;
      int first = Math.max(0, (int) (centre - reach + 0.5));
      int end = Math.min(inside, (int) (centre + reach + 0.5));
      double sum = 0;
      for (int x = 0; x < end - first; x++) {
        exact[x] = at((x + first - centre + 0.5) * inverse);
        sum += exact[x];
      }
      int target = mirrored ? places - 1 - place : place;
      taps.window(target, first, end - first);
      for (int x = 0; x < end - first; x++) {
        double weight = sum == 0 ? exact[x] : exact[x] / sum;
        taps.weights()[target * taps.span() + x] = fixed(weight);
      }
    }
  }

  /** Most inputs that one output place reads. */
  int span(int inside, int outside) {
    return (int) Math.ceil(support * Math.max((double) inside / outside, 1.0)) * 2 + 1;
  }

  private static int fixed(double weight) {
    return (int) (weight * (1 << Taps.PRECISION) + (weight < 0 ? -0.5 : 0.5));
  }
}
