package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/**
 * Draws the values of a channel towards their mean.
 *
 * @param factor by which distances from the mean shrink
 */
public record Contrast(double factor) implements Corruption {
  private static final int BANDS = 3;
  private static final int LEVELS = 256;

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    apply(picture, scratch);
  }

  /** Corrupts; nothing is random. */
  public void apply(Picture picture, Scratch scratch) {
    byte[] data = picture.data();
    int length = picture.length();
    byte[] table = scratch.bytes(0, LEVELS);
    for (int band = 0; band < BANDS; band++) {
      double sum = 0;
      for (int i = band; i < length; i += BANDS) {
        sum += Levels.unit(data[i]);
      }
      int pixels = length / BANDS;
      double mean = sum / pixels;
      for (int value = 0; value < LEVELS; value++) {
        table[value] = Levels.stored((Levels.unit((byte) value) - mean) * factor + mean);
      }
      for (int i = band; i < length; i += BANDS) {
        data[i] = table[data[i] & 0xFF];
      }
    }
  }
}
