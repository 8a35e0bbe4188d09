package io.urrl.augment.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * PNG samples as PIL's {@code convert("RGB")} gives them: alpha is dropped, palettes are looked up,
 * gray is repeated, 16-bit colour keeps its high byte, and 16-bit gray is cut off at 255.
 */
final class PngPixels {

  static void decode(BufferedImage decoded, Picture into) {
    Raster samples = decoded.getRaster();
    int width = samples.getWidth();
    int height = samples.getHeight();
    int bands = samples.getNumBands();
    int bits = samples.getSampleModel().getSampleSize(0);
    byte[] data = into.resize(width, height);
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      samples.getPixels(0, y, width, 1, row);
      int at = 3 * width * y;
      if (decoded.getColorModel() instanceof IndexColorModel palette) {
        lookUp(palette, row, data, at);
      } else if (bands >= 3) {
        colour(row, bands, bits == 16 ? 8 : 0, data, at);
      } else {
        gray(row, bands, bits, data, at);
      }
    }
  }

  private static void lookUp(IndexColorModel palette, int[] row, byte[] data, int at) {
    int to = at;
    for (int index : row) {
      data[to++] = (byte) palette.getRed(index);
      data[to++] = (byte) palette.getGreen(index);
      data[to++] = (byte) palette.getBlue(index);
    }
  }

  private static void colour(int[] row, int bands, int shift, byte[] data, int at) {
    for (int from = 0, to = at; from < row.length; from += bands, to += 3) {
      data[to] = (byte) (row[from] >> shift);
      data[to + 1] = (byte) (row[from + 1] >> shift);
      data[to + 2] = (byte) (row[from + 2] >> shift);
    }
  }

  private static void gray(int[] row, int bands, int bits, byte[] data, int at) {
    for (int from = 0, to = at; from < row.length; from += bands, to += 3) {
      int value = row[from];
      byte gray =
          (byte)
              switch (bits) {
                case 1 -> value * 255;
                case 2 -> value * 85;
                case 4 -> value * 17;
                case 16 -> bands == 1 ? Math.min(value, 255) : value >> 8;
                default -> value;
              };
      data[to] = gray;
      data[to + 1] = gray;
      data[to + 2] = gray;
    }
  }

  private PngPixels() {}
}
