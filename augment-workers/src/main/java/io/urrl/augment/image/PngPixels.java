package io.urrl.augment.image;

import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * PNG samples as PIL's {@code convert("RGB")} gives them: alpha is dropped, palettes are looked up,
 * gray is repeated, 16-bit colour keeps its high byte, and 16-bit gray is cut off at 255.
 */
final class PngPixels {

  static void decode(DecodedRaster decoded, Picture into) throws BrokenPictureException {
    Raster samples = decoded.samples();
    int width = samples.getWidth();
    int height = samples.getHeight();
    int bands = samples.getNumBands();
    byte[] data = into.resize(width, height);
    int bits = samples.getSampleModel().getSampleSize(0);
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < height; y++) {
      samples.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        if (decoded.colours() instanceof IndexColorModel palette) {
          int index = row[x];
          data[at++] = (byte) palette.getRed(index);
          data[at++] = (byte) palette.getGreen(index);
          data[at++] = (byte) palette.getBlue(index);
        } else if (bands >= 3) {
          for (int band = 0; band < 3; band++) {
            int value = row[x * bands + band];
            data[at++] = (byte) (bits == 16 ? value >> 8 : value);
          }
        } else {
          byte gray = (byte) gray(row[x * bands], bits, bands);
          data[at++] = gray;
          data[at++] = gray;
          data[at++] = gray;
        }
      }
    }
  }

  private static int gray(int value, int bits, int bands) {
    return switch (bits) {
      case 1 -> value * 255;
      case 2 -> value * 85;
      case 4 -> value * 17;
      case 16 -> bands == 1 ? Math.min(value, 255) : value >> 8;
      default -> value;
    };
  }

  private PngPixels() {}
}
