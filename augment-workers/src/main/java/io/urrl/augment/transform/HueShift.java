package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;

/** torchvision's adjust_hue on PIL pictures: through PIL's 8-bit HSV and back. */
final class HueShift {

  /** Turns the hue by {@code factor} of a full turn, in −0.5..0.5. */
  static void apply(Picture picture, double factor) {
    int shift = (int) (factor * 255) & 0xFF;
    byte[] data = picture.data();
    for (int i = 0; i < picture.length(); i += 3) {
      shiftPixel(data, i, shift);
    }
  }

  private static void shiftPixel(byte[] data, int at, int shift) {
    int red = data[at] & 0xFF;
    int green = data[at + 1] & 0xFF;
    int blue = data[at + 2] & 0xFF;
    int value = Math.max(red, Math.max(green, blue));
    int least = Math.min(red, Math.min(green, blue));
    int hue = 0;
    int saturation = 0;
    if (least != value) {
      float range = value - least;
      float toRed = (value - red) / range;
      float toGreen = (value - green) / range;
      float toBlue = (value - blue) / range;
      float turn;
      if (red == value) {
        turn = toBlue - toGreen;
      } else if (green == value) {
        turn = (float) (2.0 + toRed - toBlue);
      } else {
        turn = (float) (4.0 + toGreen - toRed);
      }
      turn = (float) ((turn / 6.0 + 1.0) % 1.0);
      hue = Math.clamp((int) (turn * 255.0), 0, 255);
      saturation = Math.clamp((int) (range / value * 255.0), 0, 255);
    }
    hue = (hue + shift) & 0xFF;
    if (saturation == 0) {
      data[at] = (byte) value;
      data[at + 1] = (byte) value;
      data[at + 2] = (byte) value;
      return;
    }
    int sector = (int) Math.floor((float) hue * 6.0 / 255.0);
    float within = (float) ((float) hue * 6.0 / 255.0 - (float) sector);
    float strength = (float) ((float) saturation / 255.0);
    byte top = (byte) value;
    byte p = round(value * (1.0 - strength));
    byte q = round(value * (1.0 - strength * within));
    byte t = round(value * (1.0 - strength * (1.0 - within)));
    switch (sector % 6) {
      case 0 -> put(data, at, top, t, p);
      case 1 -> put(data, at, q, top, p);
      case 2 -> put(data, at, p, top, t);
      case 3 -> put(data, at, p, q, top);
      case 4 -> put(data, at, t, p, top);
      default -> put(data, at, top, p, q);
    }
  }

  /** C's round (halves away from zero) of a value that is not negative. */
  private static byte round(double value) {
    return (byte) Math.clamp((int) Math.floor(value + 0.5), 0, 255);
  }

  private static void put(byte[] data, int at, byte red, byte green, byte blue) {
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
  }

  private HueShift() {}
}
