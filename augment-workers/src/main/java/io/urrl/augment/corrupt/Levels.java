package io.urrl.augment.corrupt;

import io.urrl.augment.image.Picture;

/** Between bytes and numbers on [0, 1]. */
final class Levels {
  /** Each byte over 255. */
  private static final double[] UNIT = new double[256];

  static {
    for (int value = 0; value < UNIT.length; value++) {
      UNIT[value] = value / 255.0;
    }
  }

  private Levels() {}

  /** A byte over 255. */
  static double unit(byte value) {
    return UNIT[value & 0xFF];
  }

  /** All values of a picture over 255. */
  static void unit(Picture picture, double[] into) {
    byte[] data = picture.data();
    int length = picture.length();
    for (int i = 0; i < length; i++) {
      into[i] = UNIT[data[i] & 0xFF];
    }
  }

  /** Clipped to [0, 1], times 255, cut off. */
  static byte stored(double unit) {
    return (byte) (int) (Math.min(Math.max(unit, 0.0), 1.0) * 255);
  }

  /** The same in float. */
  static byte stored(float unit) {
    return (byte) (int) (Math.min(Math.max(unit, 0f), 1f) * 255f);
  }
}
