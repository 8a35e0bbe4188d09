package io.urrl.augment.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * BMP samples as PIL's {@code convert("RGB")} gives them: palettes are looked up, gray is repeated,
 * five and six bits are spread over eight and cut off, alpha is dropped.
 */
final class BmpPixels {

  /** Whether bytes begin as a BMP file does. */
  static boolean accepts(byte[] bytes, int length) {
    return length > 26 && bytes[0] == 'B' && bytes[1] == 'M';
  }

  static void decode(BufferedImage decoded, Picture into) {
    Raster samples = decoded.getRaster();
    int width = samples.getWidth();
    int height = samples.getHeight();
    int bands = samples.getNumBands();
    byte[] data = into.resize(width, height);
    int[] row = new int[width * bands];
    for (int y = 0, at = 0; y < height; y++) {
      samples.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++, at += 3) {
        if (decoded.getColorModel() instanceof IndexColorModel palette) {
          data[at] = (byte) palette.getRed(row[x]);
          data[at + 1] = (byte) palette.getGreen(row[x]);
          data[at + 2] = (byte) palette.getBlue(row[x]);
        } else {
          for (int channel = 0; channel < 3; channel++) {
            int band = bands < 3 ? 0 : channel;
            int most = (1 << samples.getSampleModel().getSampleSize(band)) - 1;
            data[at + channel] = (byte) (row[x * bands + band] * 255 / most);
          }
        }
      }
    }
  }

  private BmpPixels() {}
}
