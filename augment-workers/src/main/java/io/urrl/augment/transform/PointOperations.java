package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;

/** Operations that look every byte up in a table of its channel, as PIL's ImageOps builds them. */
final class PointOperations {
  private final int[][] histograms = new int[3][256];
  private final byte[][] tables = new byte[3][256];

  /** Stretches each channel to 0..255. */
  void autocontrast(Picture picture) {
    histogram(picture);
    for (int channel = 0; channel < 3; channel++) {
      int[] counts = histograms[channel];
      int low = 0;
      int high = 255;
      while (low < 256 && counts[low] == 0) {
        low++;
      }
      while (high >= 0 && counts[high] == 0) {
        high--;
      }
      byte[] table = tables[channel];
      double scale = high <= low ? 1 : 255.0 / (high - low);
      double offset = high <= low ? 0 : -low * scale;
      for (int value = 0; value < 256; value++) {
        table[value] = (byte) Math.clamp((int) (value * scale + offset), 0, 255);
      }
    }
    apply(picture);
  }

  /** Makes each channel's distribution even. */
  void equalize(Picture picture) {
    histogram(picture);
    for (int channel = 0; channel < 3; channel++) {
      int[] counts = histograms[channel];
      int used = 0;
      int sum = 0;
      int last = 0;
      for (int value = 0; value < 256; value++) {
        if (counts[value] > 0) {
          used++;
          sum += counts[value];
          last = counts[value];
        }
      }
      int step = used <= 1 ? 0 : (sum - last) / 255;
      int reached = step / 2;
      for (int value = 0; value < 256; value++) {
        int mapped = step == 0 ? value : Math.min(255, reached / step);
        tables[channel][value] = (byte) mapped;
        reached += counts[value];
      }
    }
    apply(picture);
  }

  /** Keeps the highest bits. */
  void posterize(Picture picture, int bits) {
    int mask = bits <= 0 ? 0 : 0xFF << (8 - bits);
    same(value -> value & mask);
    apply(picture);
  }

  /** Inverts values from the threshold on. */
  void solarize(Picture picture, int threshold) {
    same(value -> value < threshold ? value : 255 - value);
    apply(picture);
  }

  /** Blends with a constant, as PIL's ImageEnhance.Brightness (0) and Contrast (the mean) do. */
  void blendWith(Picture picture, int constant, float factor) {
    same(value -> Blend.blend(constant, value, factor));
    apply(picture);
  }

  private void same(java.util.function.IntUnaryOperator mapping) {
    for (int value = 0; value < 256; value++) {
      byte mapped = (byte) mapping.applyAsInt(value);
      tables[0][value] = mapped;
      tables[1][value] = mapped;
      tables[2][value] = mapped;
    }
  }

  private void histogram(Picture picture) {
    for (int[] counts : histograms) {
      java.util.Arrays.fill(counts, 0);
    }
    byte[] data = picture.data();
    int[] red = histograms[0];
    int[] green = histograms[1];
    int[] blue = histograms[2];
    for (int i = 0; i < picture.length(); i += 3) {
      red[data[i] & 0xFF]++;
      green[data[i + 1] & 0xFF]++;
      blue[data[i + 2] & 0xFF]++;
    }
  }

  private void apply(Picture picture) {
    byte[] data = picture.data();
    byte[] red = tables[0];
    byte[] green = tables[1];
    byte[] blue = tables[2];
    for (int i = 0; i < picture.length(); i += 3) {
      data[i] = red[data[i] & 0xFF];
      data[i + 1] = green[data[i + 1] & 0xFF];
      data[i + 2] = blue[data[i + 2] & 0xFF];
    }
  }
}
