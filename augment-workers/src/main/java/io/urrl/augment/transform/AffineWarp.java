package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.Affine;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.WarpKernel;
import java.util.Arrays;

/**
 * PIL's affine transforms with bilinear interpolation, black outside: which kernel does each with
 * which matrix, and those that only move pixels.
 */
final class AffineWarp {
  private static final int WHOLE_DEGREES = 361;
  private static final double[] COSINES = new double[WHOLE_DEGREES];
  private static final double[] SINES = new double[WHOLE_DEGREES];

  static {
    for (int degrees = 0; degrees < WHOLE_DEGREES; degrees++) {
      COSINES[degrees] = rounded(StrictMath.cos(-Math.toRadians(degrees)));
      SINES[degrees] = rounded(StrictMath.sin(-Math.toRadians(degrees)));
    }
  }

  private final WarpKernel kernel;
  private final Affine matrix = new Affine();

  AffineWarp(KernelSet set) {
    kernel = WarpKernel.of(set);
  }

  /** Reads (x + slope y + distance, y); the content of {@code scratch} is lost. */
  void shiftRows(Picture picture, Picture scratch, double slope, double distance) {
    if (slope == 0 && distance == (int) distance) {
      move(picture, scratch, (int) distance, 0);
      return;
    }
    byte[] out = scratch.resize(picture.width(), picture.height());
    kernel.shiftRows(picture.data(), picture.width(), picture.height(), slope, distance, out);
    picture.swap(scratch);
  }

  /** Reads (x, y + slope x + distance); the content of {@code scratch} is lost. */
  void shiftColumns(Picture picture, Picture scratch, double slope, double distance) {
    if (slope == 0 && distance == (int) distance) {
      move(picture, scratch, 0, (int) distance);
      return;
    }
    byte[] out = scratch.resize(picture.width(), picture.height());
    kernel.shiftColumns(picture.data(), picture.width(), picture.height(), slope, distance, out);
    picture.swap(scratch);
  }

  /** Reads (x + right, y + down). */
  private static void move(Picture picture, Picture scratch, int right, int down) {
    int width = picture.width();
    int height = picture.height();
    byte[] in = picture.data();
    byte[] out = scratch.resize(width, height);
    int first = Math.clamp(-(long) right, 0, width);
    int end = Math.clamp((long) width - right, 0, width);
    for (int y = 0; y < height; y++) {
      int row = 3 * y * width;
      long source = (long) y + down;
      if (source < 0 || source >= height || first >= end) {
        Arrays.fill(out, row, row + 3 * width, (byte) 0);
        continue;
      }
      int from = 3 * ((int) source * width + first + right);
      Arrays.fill(out, row, row + 3 * first, (byte) 0);
      System.arraycopy(in, from, out, row + 3 * first, 3 * (end - first));
      Arrays.fill(out, row + 3 * end, row + 3 * width, (byte) 0);
    }
    picture.swap(scratch);
  }

  /** PIL's rotate: counter-clockwise about the centre; right angles are exact where they fit. */
  void rotate(Picture picture, Picture scratch, double degrees) {
    double angle = degrees % 360.0;
    angle = angle < 0 ? angle + 360.0 : angle;
    int width = picture.width();
    int height = picture.height();
    if (angle == 0) {
      return;
    }
    if (angle == 180) {
      turn(picture, scratch, width * height - 1, -1, -width);
    } else if (width == height && angle == 90) {
      turn(picture, scratch, width - 1, width, -1);
    } else if (width == height && angle == 270) {
      turn(picture, scratch, (width - 1) * width, -width, 1);
    } else {
      byte[] out = scratch.resize(width, height);
      double cosine = cosine(angle);
      double sine = sine(angle);
      double x = width / 2.0;
      double y = height / 2.0;
      double c = cosine * -x + sine * -y + 0.0 + x;
      double f = -sine * -x + cosine * -y + 0.0 + y;
      kernel.affine(
          picture.data(), width, height, matrix.set(cosine, sine, c, -sine, cosine, f), out);
      picture.swap(scratch);
    }
  }

  /** From a table for whole degrees, which is all that AugMix asks for: StrictMath allocates. */
  private static double cosine(double angle) {
    return angle == (int) angle
        ? COSINES[(int) angle]
        : rounded(StrictMath.cos(-Math.toRadians(angle)));
  }

  private static double sine(double angle) {
    return angle == (int) angle
        ? SINES[(int) angle]
        : rounded(StrictMath.sin(-Math.toRadians(angle)));
  }

  /** Pixel (x, y) becomes the picture's pixel number start + x perColumn + y perRow. */
  private static void turn(Picture picture, Picture scratch, int start, int perColumn, int perRow) {
    byte[] in = picture.data();
    byte[] out = scratch.resize(picture.width(), picture.height());
    int to = 0;
    for (int y = 0; y < picture.height(); y++) {
      int from = 3 * (start + y * perRow);
      for (int x = 0; x < picture.width(); x++) {
        out[to] = in[from];
        out[to + 1] = in[from + 1];
        out[to + 2] = in[from + 2];
        to += 3;
        from += 3 * perColumn;
      }
    }
    picture.swap(scratch);
  }

  /**
   * Python's round(value, 15), which PIL applies to the matrix, for −1..1: the whole number of
   * 10^-15 next to the exact value, ties to even, and the double next to that.
   */
  static double rounded(double value) {
    double scaled = value * 1e15;
    double lost = Math.fma(value, 1e15, -scaled);
    double whole = Math.rint(scaled);
    double rest = scaled - whole;
    if (rest == 0.5 && lost > 0) {
      whole++;
    } else if (rest == -0.5 && lost < 0) {
      whole--;
    }
    return whole / 1e15;
  }
}
