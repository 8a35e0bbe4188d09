package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;

/** PIL's gray and PIL's {@code Image.blend}. */
final class Blend {

  /** ITU-R 601 luma in fixed point of 16 bits, rounded, as PIL's convert("L"). */
  static int gray(byte red, byte green, byte blue) {
    return ((red & 0xFF) * 19_595 + (green & 0xFF) * 38_470 + (blue & 0xFF) * 7_471 + 0x8000) >> 16;
  }

  /**
   * {@code from + factor (to − from)} in float32: cut off towards zero within the two, clipped
   * beyond them.
   */
  static int blend(int from, int to, float factor) {
    if (factor == 0f) {
      return from;
    }
    if (factor == 1f) {
      return to;
    }
    float mixed = from + factor * (to - from);
    if (factor > 0f && factor < 1f) {
      return (int) mixed;
    }
    return mixed <= 0f ? 0 : mixed >= 255f ? 255 : (int) mixed;
  }

  /** Mean gray of a picture, rounded half up. */
  static int meanGray(Picture picture) {
    byte[] data = picture.data();
    long sum = 0;
    for (int i = 0; i < picture.length(); i += 3) {
      sum += gray(data[i], data[i + 1], data[i + 2]);
    }
    return (int) ((double) sum / ((long) picture.width() * picture.height()) + 0.5);
  }

  /** Moves every pixel from its gray ({@code factor} 0) to itself (1) and beyond. */
  static void colour(Picture picture, float factor) {
    byte[] data = picture.data();
    for (int i = 0; i < picture.length(); i += 3) {
      int gray = gray(data[i], data[i + 1], data[i + 2]);
      data[i] = (byte) blend(gray, data[i] & 0xFF, factor);
      data[i + 1] = (byte) blend(gray, data[i + 1] & 0xFF, factor);
      data[i + 2] = (byte) blend(gray, data[i + 2] & 0xFF, factor);
    }
  }

  /** Makes every pixel its gray. */
  static void grayscale(Picture picture) {
    byte[] data = picture.data();
    for (int i = 0; i < picture.length(); i += 3) {
      byte gray = (byte) gray(data[i], data[i + 1], data[i + 2]);
      data[i] = gray;
      data[i + 1] = gray;
      data[i + 2] = gray;
    }
  }

  private Blend() {}
}
