package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;

/**
 * PIL's ImageEnhance.Sharpness: a blend of the picture with its SMOOTH filter (3×3, centre 5,
 * others 1, over 13, in float32; the border stays).
 */
final class Sharpness {
  private static final float SIDE = 1f / 13f;
  private static final float CENTRE = 5f / 13f;

  static void apply(Picture picture, Picture scratch, float factor) {
    byte[] in = picture.data();
    byte[] out = scratch.resize(picture.width(), picture.height());
    System.arraycopy(in, 0, out, 0, picture.length());
    int row = 3 * picture.width();
    for (int y = 1; y < picture.height() - 1; y++) {
      int end = (y + 1) * row - 3;
      for (int i = y * row + 3; i < end; i++) {
        float sum = 0.5f;
        sum += at(in, i + row - 3) * SIDE + at(in, i + row) * SIDE + at(in, i + row + 3) * SIDE;
        sum += at(in, i - 3) * SIDE + at(in, i) * CENTRE + at(in, i + 3) * SIDE;
        sum += at(in, i - row - 3) * SIDE + at(in, i - row) * SIDE + at(in, i - row + 3) * SIDE;
        int smooth = sum <= 0f ? 0 : sum >= 255f ? 255 : (int) sum;
        out[i] = (byte) Blend.blend(smooth, in[i] & 0xFF, factor);
      }
    }
    picture.swap(scratch);
  }

  private static int at(byte[] in, int i) {
    return in[i] & 0xFF;
  }

  private Sharpness() {}
}
