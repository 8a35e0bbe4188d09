package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;

/**
 * PIL's antialiased bilinear resize: a triangle of the output's pixel pitch, weights in fixed point
 * of 22 bits, rounded to 8 bits after the horizontal and again after the vertical pass.
 */
final class Resample {
  private static final int PRECISION = 22;
  private static final int HALF = 1 << (PRECISION - 1);

  /** Weights of one direction: for each output place a window of inputs. */
  private static final class Window {
    private int[] first = new int[0];
    private int[] count = new int[0];
    private int[] weights = new int[0];
    private double[] exact = new double[0];
    private int span;

    void prepare(int inside, int outside) {
      double scale = (double) inside / outside;
      double filterScale = Math.max(scale, 1.0);
      double support = filterScale;
      span = (int) Math.ceil(support) * 2 + 1;
      if (first.length < outside) {
        first = new int[outside];
        count = new int[outside];
      }
      if (weights.length < outside * span) {
        weights = new int[outside * span];
      }
      if (exact.length < span) {
        exact = new double[span];
      }
      double inverse = 1.0 / filterScale;
      for (int place = 0; place < outside; place++) {
        double centre = (place + 0.5) * scale;
        int from = Math.max(0, (int) (centre - support + 0.5));
        int to = Math.min(inside, (int) (centre + support + 0.5));
        double sum = 0;
        for (int x = 0; x < to - from; x++) {
          double weight = triangle((x + from - centre + 0.5) * inverse);
          exact[x] = weight;
          sum += weight;
        }
        first[place] = from;
        count[place] = to - from;
        for (int x = 0; x < to - from; x++) {
          double weight = sum == 0 ? exact[x] : exact[x] / sum;
          weights[place * span + x] =
              weight < 0
                  ? (int) (-0.5 + weight * (1 << PRECISION))
                  : (int) (0.5 + weight * (1 << PRECISION));
        }
      }
    }

    private static double triangle(double x) {
      double distance = Math.abs(x);
      return distance < 1 ? 1 - distance : 0;
    }
  }

  private final Window columns = new Window();
  private final Window rows = new Window();
  private byte[] narrow = new byte[0];

  /** Cuts out a box that lies within the picture and resizes it. */
  void cropAndResize(
      Picture from, int top, int left, int height, int width, Picture into, int outH, int outW) {
    byte[] source = from.data();
    int sourceRow = 3 * from.width();
    int start = top * sourceRow + 3 * left;
    byte[] target = into.resize(outW, outH);
    byte[] middle = source;
    int middleRow = sourceRow;
    int middleStart = start;
    if (width != outW) {
      columns.prepare(width, outW);
      boolean last = height == outH;
      if (!last && narrow.length < 3 * outW * height) {
        narrow = new byte[3 * outW * height];
      }
      byte[] result = last ? target : narrow;
      for (int y = 0; y < height; y++) {
        horizontal(source, start + y * sourceRow, result, y * 3 * outW, outW);
      }
      if (last) {
        return;
      }
      middle = narrow;
      middleRow = 3 * outW;
      middleStart = 0;
    }
    if (height == outH) {
      for (int y = 0; y < outH; y++) {
        System.arraycopy(middle, middleStart + y * middleRow, target, y * 3 * outW, 3 * outW);
      }
      return;
    }
    rows.prepare(height, outH);
    for (int y = 0; y < outH; y++) {
      vertical(middle, middleStart, middleRow, target, y, 3 * outW);
    }
  }

  private void horizontal(byte[] in, int from, byte[] out, int to, int width) {
    for (int x = 0; x < width; x++) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int at = from + 3 * columns.first[x];
      int weightAt = x * columns.span;
      for (int i = columns.count[x]; i > 0; i--) {
        int weight = columns.weights[weightAt++];
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

  private void vertical(byte[] in, int start, int stride, byte[] out, int y, int length) {
    int count = rows.count[y];
    int weightAt = y * rows.span;
    int from = start + rows.first[y] * stride;
    int to = y * length;
    for (int x = 0; x < length; x++) {
      int sum = HALF;
      int at = from + x;
      for (int i = 0; i < count; i++) {
        sum += (in[at] & 0xFF) * rows.weights[weightAt + i];
        at += stride;
      }
      out[to + x] = clip(sum);
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> PRECISION, 0, 255);
  }
}
