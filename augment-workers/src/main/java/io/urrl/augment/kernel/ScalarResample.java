package io.urrl.augment.kernel;

/** {@link ResampleKernel} in plain loops. */
final class ScalarResample implements ResampleKernel {
  private static final int HALF = 1 << (Taps.PRECISION - 1);

  @Override
  public void horizontal(byte[] in, int from, int stride, int rows, Taps taps, byte[] out) {
    int width = taps.places();
    for (int y = 0; y < rows; y++) {
      row(in, from + y * stride, taps, out, 3 * y * width);
    }
  }

  private static void row(byte[] in, int from, Taps taps, byte[] out, int to) {
    int[] first = taps.first();
    int[] count = taps.count();
    int[] weights = taps.weights();
    int span = taps.span();
    for (int x = 0; x < taps.places(); x++) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int at = from + 3 * first[x];
      int weightAt = x * span;
      for (int i = count[x]; i > 0; i--) {
        int weight = weights[weightAt++];
        red += (in[at] & 0xFF) * weight;
        green += (in[at + 1] & 0xFF) * weight;
        blue += (in[at + 2] & 0xFF) * weight;
        at += 3;
      }
      out[to++] = clip(red);
      out[to++] = clip(green);
      out[to++] = clip(blue);
    }
  }

  @Override
  public void vertical(byte[] in, int from, int stride, int length, Taps taps, byte[] out) {
    int[] weights = taps.weights();
    for (int y = 0; y < taps.places(); y++) {
      int count = taps.count()[y];
      int weightAt = y * taps.span();
      int start = from + taps.first()[y] * stride;
      int to = y * length;
      for (int x = 0; x < length; x++) {
        int sum = HALF;
        int at = start + x;
        for (int i = 0; i < count; i++) {
          sum += (in[at] & 0xFF) * weights[weightAt + i];
          at += stride;
        }
        out[to + x] = clip(sum);
      }
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> Taps.PRECISION, 0, 255);
  }
}
