package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;

/**
 * PIL's Gaussian blur: three extended box passes along rows, then three along columns, each with
 * fractional edges in fixed point of 24 bits (Gwosdek et al., "Theoretical foundations of Gaussian
 * convolution by extended box filtering", 2011).
 */
final class BoxBlur {
  private static final int PASSES = 3;
  private static final int ROUND = 1 << 23;

  private byte[] line = new byte[0];
  private byte[] next = new byte[0];

  /** Blurs with standard deviation {@code sigma}. */
  void gaussian(Picture picture, float sigma) {
    float radius = boxRadius(sigma);
    byte[] data = picture.data();
    int width = picture.width();
    int height = picture.height();
    int longest = Math.max(width, height);
    if (line.length < longest) {
      line = new byte[longest];
      next = new byte[longest];
    }
    for (int y = 0; y < height; y++) {
      for (int channel = 0; channel < 3; channel++) {
        blurLine(data, 3 * y * width + channel, 3, width, radius);
      }
    }
    for (int x = 0; x < width; x++) {
      for (int channel = 0; channel < 3; channel++) {
        blurLine(data, 3 * x + channel, 3 * width, height, radius);
      }
    }
  }

  /** Radius of the box whose three passes have the variance asked for, in PIL's float32. */
  static float boxRadius(float sigma) {
    float variance = sigma * sigma / PASSES;
    float ideal = (float) Math.sqrt(12.0 * variance + 1.0);
    float whole = (float) Math.floor((ideal - 1.0) / 2.0);
    float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
    part /= 6 * (variance - (whole + 1) * (whole + 1));
    return whole + part;
  }

  private void blurLine(byte[] data, int start, int stride, int length, float radius) {
    for (int i = 0, at = start; i < length; i++, at += stride) {
      line[i] = data[at];
    }
    int whole = (int) radius;
    int weight = (int) (long) ((1 << 24) / (radius * 2 + 1));
    int edge = ((1 << 24) - (whole * 2 + 1) * weight) / 2;
    for (int pass = 0; pass < PASSES; pass++) {
      pass(length, whole, weight, edge);
      byte[] swap = line;
      line = next;
      next = swap;
    }
    for (int i = 0, at = start; i < length; i++, at += stride) {
      data[at] = line[i];
    }
  }

  /** One pass; outside the line its first and last values go on. Sums wrap as unsigned 32 bits. */
  private void pass(int length, int radius, int weight, int edge) {
    int last = length - 1;
    int sum = 0;
    for (int i = -radius - 1; i < radius; i++) {
      sum += line[Math.clamp(i, 0, last)] & 0xFF;
    }
    for (int i = 0; i < length; i++) {
      int left = line[Math.clamp(i - radius - 1, 0, last)] & 0xFF;
      int right = line[Math.clamp(i + radius + 1, 0, last)] & 0xFF;
      sum += (line[Math.clamp(i + radius, 0, last)] & 0xFF) - left;
      next[i] = (byte) ((sum * weight + (left + right) * edge + ROUND) >>> 24);
    }
  }
}
