package io.urrl.augment.image;

import java.awt.image.Raster;

/**
 * Four-component JPEG as PIL gives it: YCCK becomes CMYK by libjpeg's tables, streams of Adobe's
 * encoders are inverted, and CMYK becomes RGB by 255 − K scaled down by each ink.
 */
final class CmykPixels {

  static void decode(DecodedRaster decoded, JpegStructure structure, Picture into)
      throws BrokenPictureException {
    Raster samples = decoded.samples();
    int width = samples.getWidth();
    int height = samples.getHeight();
    if (samples.getNumBands() != 4) {
      throw new BrokenPictureException("a four-component JPEG decodes to another number");
    }
    byte[] data = into.resize(width, height);
    int[] row = new int[width * 4];
    int at = 0;
    boolean ycck = structure.adobeTransform() == 2;
    boolean inverted = structure.adobe();
    for (int y = 0; y < height; y++) {
      samples.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int c = row[4 * x];
        int m = row[4 * x + 1];
        int k = row[4 * x + 3];
        int yellow = row[4 * x + 2];
        if (ycck) {
          int luma = c;
          int blue = m - 128;
          int red = yellow - 128;
          c = clip(255 - (luma + ((91_881 * red + 32_768) >> 16)));
          m = clip(255 - (luma + ((-22_554 * blue - 46_802 * red + 32_768) >> 16)));
          yellow = clip(255 - (luma + ((116_130 * blue + 32_768) >> 16)));
        }
        if (inverted) {
          c = 255 - c;
          m = 255 - m;
          yellow = 255 - yellow;
          k = 255 - k;
        }
        int white = 255 - k;
        data[at++] = (byte) clip(white - scale(c, white));
        data[at++] = (byte) clip(white - scale(m, white));
        data[at++] = (byte) clip(white - scale(yellow, white));
      }
    }
  }

  /** a·b/255, rounded, as PIL's MULDIV255. */
  private static int scale(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }

  private static int clip(int value) {
    return Math.clamp(value, 0, 255);
  }

  private CmykPixels() {}
}
