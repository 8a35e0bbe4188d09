package io.urrl.augment.image;

import java.awt.image.Raster;

/**
 * Four-component JPEG as PIL gives it: YCCK becomes CMYK by libjpeg's tables, the inks are taken as
 * inverted (Adobe's convention, which PIL assumes with and without Adobe's marker), and CMYK
 * becomes RGB by 255 − K scaled down by each ink.
 */
final class CmykPixels {

  /**
   * Converts a row of CMYK samples.
   *
   * @param cmyk inks as the stream holds them, four bytes a pixel
   * @param rgb takes three bytes a pixel from {@code at} on
   */
  static void toRgb(byte[] cmyk, int pixels, byte[] rgb, int at) {
    for (int from = 0, to = at; from < 4 * pixels; from += 4, to += 3) {
      int white = cmyk[from + 3] & 0xFF;
      rgb[to] = ink(cmyk[from], white);
      rgb[to + 1] = ink(cmyk[from + 1], white);
      rgb[to + 2] = ink(cmyk[from + 2], white);
    }
  }

  /**
   * Converts components as the stream holds them.
   *
   * @param samples four bands
   * @param ycck whether they are Y, Cb, Cr and K
   */
  static void toRgb(Raster samples, boolean ycck, Picture into) {
    int width = samples.getWidth();
    int[] row = new int[4 * width];
    byte[] cmyk = new byte[4 * width];
    byte[] data = into.resize(width, samples.getHeight());
    for (int y = 0; y < samples.getHeight(); y++) {
      samples.getPixels(0, y, width, 1, row);
      for (int i = 0; i < 4 * width; i += 4) {
        if (ycck) {
          toCmyk(row, i);
        }
        for (int band = 0; band < 4; band++) {
          cmyk[i + band] = (byte) row[i + band];
        }
      }
      toRgb(cmyk, width, data, 3 * width * y);
    }
  }

  /** ITU-R BT.601 in libjpeg's fixed point with 16 bits behind the point. */
  private static void toCmyk(int[] row, int at) {
    int luma = row[at];
    int blue = row[at + 1] - 128;
    int red = row[at + 2] - 128;
    row[at] = clip(255 - (luma + ((91_881 * red + 32_768) >> 16)));
    row[at + 1] = clip(255 - (luma + ((-22_554 * blue - 46_802 * red + 32_768) >> 16)));
    row[at + 2] = clip(255 - (luma + ((116_130 * blue + 32_768) >> 16)));
  }

  /** White less an ink's part of it: the product over 255, rounded as PIL's MULDIV255. */
  private static byte ink(byte stored, int white) {
    int product = (255 - (stored & 0xFF)) * white + 128;
    return (byte) clip(white - (((product >> 8) + product) >> 8));
  }

  private static int clip(int value) {
    return Math.clamp(value, 0, 255);
  }

  private CmykPixels() {}
}
