package io.urrl.augment.kernel;

/** PIL's conversions step by step, each in the precision that C gives it. */
final class ScalarHue implements HueKernel {

  @Override
  public void shift(byte[] in, byte[] out, int length, int shift) {
    for (int i = 0; i < length; i += 3) {
      shiftPixel(in, out, i, shift);
    }
  }

  private static void shiftPixel(byte[] in, byte[] out, int at, int shift) {
    int red = in[at] & 0xFF;
    int green = in[at + 1] & 0xFF;
    int blue = in[at + 2] & 0xFF;
    int value = Math.max(red, Math.max(green, blue));
    int least = Math.min(red, Math.min(green, blue));
    if (least == value) {
      put(out, at, (byte) value, (byte) value, (byte) value);
      return;
    }
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
    int hue = Math.clamp((int) (turn * 255.0), 0, 255);
    int saturation = Math.clamp((int) (range / value * 255.0), 0, 255);
    toRgb(out, at, (hue + shift) & 0xFF, saturation, value);
  }

  private static void toRgb(byte[] out, int at, int hue, int saturation, int value) {
    int sector = (int) Math.floor((float) hue * 6.0 / 255.0);
    float within = (float) ((float) hue * 6.0 / 255.0 - (float) sector);
    float strength = (float) ((float) saturation / 255.0);
    byte top = (byte) value;
    byte p = round(value * (1.0 - strength));
    byte q = round(value * (1.0 - strength * within));
    byte t = round(value * (1.0 - strength * (1.0 - within)));
    switch (sector % 6) {
      case 0 -> put(out, at, top, t, p);
      case 1 -> put(out, at, q, top, p);
      case 2 -> put(out, at, p, top, t);
      case 3 -> put(out, at, p, q, top);
      case 4 -> put(out, at, t, p, top);
      default -> put(out, at, top, p, q);
    }
  }

  /** C's round (halves away from zero) of a value that is not negative. */
  private static byte round(double value) {
    return (byte) Math.clamp((int) Math.floor(value + 0.5), 0, 255);
  }

  private static void put(byte[] out, int at, byte red, byte green, byte blue) {
    out[at] = red;
    out[at + 1] = green;
    out[at + 2] = blue;
  }
}
