package io.urrl.augment.corrupt;

import io.urrl.augment.image.Picture;

/**
 * PIL's resizing with the box filter: the mean of the pixels whose centres lie in a box as large as
 * the output's pixel, weights in fixed point of 22 bits, rounded to 8 bits after the horizontal and
 * again after the vertical pass. For one thread.
 */
final class BoxResize {
  private static final int BANDS = 3;
  private static final int PRECISION = 22;
  private static final int HALF = 1 << (PRECISION - 1);

  private final Picture middle = new Picture();
  private int[] first = new int[0];
  private int[] count = new int[0];

  /** Resizes a picture; {@code from} and {@code into} are different ones. */
  void resize(Picture from, int width, int height, Picture into) {
    prepare(from.width(), width);
    byte[] in = from.data();
    byte[] between = middle.resize(width, from.height());
    for (int y = 0; y < from.height(); y++) {
      for (int x = 0; x < width; x++) {
        int at = BANDS * (y * from.width() + first[x]);
        mean(in, at, BANDS, count[x], between, BANDS * (y * width + x));
      }
    }
    prepare(from.height(), height);
    byte[] out = into.resize(width, height);
    int row = BANDS * width;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        mean(between, first[y] * row + BANDS * x, row, count[y], out, y * row + BANDS * x);
      }
    }
  }

  private void prepare(int inside, int outside) {
    if (first.length < outside) {
      first = new int[outside];
      count = new int[outside];
    }
    double scale = (double) inside / outside;
    double filterScale = Math.max(scale, 1.0);
    double support = 0.5 * filterScale;
    double inverse = 1.0 / filterScale;
    for (int place = 0; place < outside; place++) {
      double centre = (place + 0.5) * scale;
      int from = Math.max(0, (int) (centre - support + 0.5));
      int to = Math.min(inside, (int) (centre + support + 0.5));
      // Rounding can leave a pixel on the rim outside of the box; PIL gives it no weight.
      while (from < to && !inBox((from - centre + 0.5) * inverse)) {
        from++;
      }
      while (from < to && !inBox((to - 1 - centre + 0.5) * inverse)) {
        to--;
      }
      first[place] = from;
      count[place] = to - from;
    }
  }

  private static boolean inBox(double place) {
    return place > -0.5 && place <= 0.5;
  }

  private static void mean(byte[] in, int at, int step, int count, byte[] out, int to) {
    int weight = (int) (0.5 + 1.0 / count * (1 << PRECISION));
    int red = HALF;
    int green = HALF;
    int blue = HALF;
    for (int i = 0; i < count; i++) {
      red += (in[at] & 0xFF) * weight;
      green += (in[at + 1] & 0xFF) * weight;
      blue += (in[at + 2] & 0xFF) * weight;
      at += step;
    }
    out[to] = clip(red);
    out[to + 1] = clip(green);
    out[to + 2] = clip(blue);
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> PRECISION, 0, 255);
  }
}
