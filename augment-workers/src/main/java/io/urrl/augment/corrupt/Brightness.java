package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/**
 * Raises the value of every pixel in HSV, as scikit-image converts there and back.
 *
 * @param add to the value, on the scale [0, 1]
 */
public record Brightness(double add) implements Corruption {
  private static final int BANDS = 3;

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    apply(picture);
  }

  /** Corrupts; nothing is random. */
  public void apply(Picture picture) {
    byte[] data = picture.data();
    int length = picture.length();
    for (int at = 0; at < length; at += BANDS) {
      brighten(data, at);
    }
  }

  private void brighten(byte[] data, int at) {
    double red = Levels.unit(data[at]);
    double green = Levels.unit(data[at + 1]);
    double blue = Levels.unit(data[at + 2]);
    double value = Math.max(red, Math.max(green, blue));
    double range = value - Math.min(red, Math.min(green, blue));
    double brighter = Math.min(value + add, 1.0);
    if (range == 0) {
      byte gray = Levels.stored(brighter);
      data[at] = gray;
      data[at + 1] = gray;
      data[at + 2] = gray;
      return;
    }
    double saturation = range / value;
    double sixths;
    if (value == blue) {
      sixths = 4 + (red - green) / range;
    } else if (value == green) {
      sixths = 2 + (blue - red) / range;
    } else {
      sixths = (green - blue) / range;
    }
    double hue = sixths / 6;
    hue = hue < 0 ? hue + 1 : hue;
    int sector = (int) (hue * 6);
    double fraction = hue * 6 - sector;
    byte low = Levels.stored(brighter * (1 - saturation));
    byte falling = Levels.stored(brighter * (1 - fraction * saturation));
    byte rising = Levels.stored(brighter * (1 - (1 - fraction) * saturation));
    byte high = Levels.stored(brighter);
    switch (sector % 6) {
      case 0 -> put(data, at, high, rising, low);
      case 1 -> put(data, at, falling, high, low);
      case 2 -> put(data, at, low, high, rising);
      case 3 -> put(data, at, low, falling, high);
      case 4 -> put(data, at, rising, low, high);
      default -> put(data, at, high, low, falling);
    }
  }

  private static void put(byte[] data, int at, byte red, byte green, byte blue) {
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
  }
}
