package io.urrl.augment.transform;

/**
 * PIL's autocontrast of one channel: {@code value scale + offset} in double, cut off, so that the
 * lowest value becomes 0 and the highest 255.
 */
final class Stretch {
  private static final int TOP = 255;

  /**
   * Nudges for the form in float32. Values that are whole numbers in exact arithmetic fall to
   * either side in PIL's double; a nudge moves all of them to the side where most fell.
   */
  private static final float[] NUDGES = {0f, 1e-3f, -1e-3f, 1e-4f, -1e-4f};

  /** Whether a channel of this range stays as it is. */
  static boolean identity(int low, int high) {
    return high <= low || high - low == TOP;
  }

  /** What a value of a channel of this range becomes. */
  static int apply(int value, int low, int high) {
    if (identity(low, high)) {
      return value;
    }
    double scale = (double) TOP / (high - low);
    return cut(value * scale + -low * scale);
  }

  /**
   * Finds a form {@code value scale + offset} in float32 that gives the same for all values of the
   * range.
   *
   * @param scale takes the scale at {@code channel}
   * @param offset takes the offset at {@code channel}
   * @return whether there is one
   */
  static boolean inFloat(int low, int high, int channel, float[] scale, float[] offset) {
    if (identity(low, high)) {
      scale[channel] = 1;
      offset[channel] = 0;
      return true;
    }
    double exactScale = (double) TOP / (high - low);
    double exactOffset = -low * exactScale;
    scale[channel] = (float) exactScale;
    for (float nudge : NUDGES) {
      offset[channel] = (float) exactOffset + nudge;
      if (agrees(low, high, exactScale, exactOffset, scale[channel], offset[channel])) {
        return true;
      }
    }
    return false;
  }

  private static boolean agrees(
      int low, int high, double exactScale, double exactOffset, float scale, float offset) {
    for (int value = low; value <= high; value++) {
      if (cut(value * exactScale + exactOffset) != cut(value * scale + offset)) {
        return false;
      }
    }
    return true;
  }

  private static int cut(double value) {
    return Math.clamp((int) value, 0, TOP);
  }

  private Stretch() {}
}
