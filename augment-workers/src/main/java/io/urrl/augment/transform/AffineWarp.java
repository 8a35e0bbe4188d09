package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * PIL's affine transform with bilinear interpolation, in double, results cut off; black outside.
 * Output pixel (x, y) reads input (a x + b y + c, d x + e y + f) at pixel centres.
 */
final class AffineWarp {

  /** Warps {@code picture}; {@code scratch} takes its old content. */
  static void apply(
      Picture picture,
      Picture scratch,
      double a,
      double b,
      double c,
      double d,
      double e,
      double f) {
    int width = picture.width();
    int height = picture.height();
    byte[] in = picture.data();
    byte[] out = scratch.resize(width, height);
    int to = 0;
    for (int y = 0; y < height; y++) {
      double centreY = y + 0.5;
      for (int x = 0; x < width; x++) {
        double centreX = x + 0.5;
        double sourceX = a * centreX + b * centreY + c;
        double sourceY = d * centreX + e * centreY + f;
        boolean inside = sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height;
        if (inside) {
          interpolate(in, width, height, sourceX - 0.5, sourceY - 0.5, out, to);
        } else {
          out[to] = 0;
          out[to + 1] = 0;
          out[to + 2] = 0;
        }
        to += 3;
      }
    }
    picture.swap(scratch);
  }

  private static void interpolate(
      byte[] in, int width, int height, double x, double y, byte[] out, int to) {
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    double dx = x - column;
    double dy = y - row;
    int left = 3 * Math.clamp(column, 0, width - 1);
    int right = 3 * Math.clamp(column + 1, 0, width - 1);
    int upper = 3 * width * Math.clamp(row, 0, height - 1);
    boolean below = row + 1 >= 0 && row + 1 < height;
    int lower = 3 * width * (row + 1);
    for (int channel = 0; channel < 3; channel++) {
      int topLeft = in[upper + left + channel] & 0xFF;
      int topRight = in[upper + right + channel] & 0xFF;
      double top = topLeft + (topRight - topLeft) * dx;
      double bottom = top;
      if (below) {
        int bottomLeft = in[lower + left + channel] & 0xFF;
        int bottomRight = in[lower + right + channel] & 0xFF;
        bottom = bottomLeft + (bottomRight - bottomLeft) * dx;
      }
      out[to + channel] = (byte) (int) (top + (bottom - top) * dy);
    }
  }

  /** PIL's rotate: counter-clockwise about the centre; right angles are exact where they fit. */
  static void rotate(Picture picture, Picture scratch, double degrees) {
    double angle = degrees % 360.0;
    angle = angle < 0 ? angle + 360.0 : angle;
    int width = picture.width();
    int height = picture.height();
    if (angle == 0) {
      return;
    }
    if (angle == 180) {
      turn(picture, scratch, (x, y) -> 3 * ((height - 1 - y) * width + width - 1 - x));
      return;
    }
    if (width == height && angle == 90) {
      turn(picture, scratch, (x, y) -> 3 * (x * width + width - 1 - y));
      return;
    }
    if (width == height && angle == 270) {
      turn(picture, scratch, (x, y) -> 3 * ((width - 1 - x) * width + y));
      return;
    }
    double radians = -Math.toRadians(angle);
    double cosine = rounded(StrictMath.cos(radians));
    double sine = rounded(StrictMath.sin(radians));
    double minusSine = rounded(-StrictMath.sin(radians));
    double centreX = width / 2.0;
    double centreY = height / 2.0;
    double c = cosine * -centreX + sine * -centreY + 0.0 + centreX;
    double f = minusSine * -centreX + cosine * -centreY + 0.0 + centreY;
    apply(picture, scratch, cosine, sine, c, minusSine, cosine, f);
  }

  private interface Source {
    int of(int x, int y);
  }

  private static void turn(Picture picture, Picture scratch, Source source) {
    byte[] in = picture.data();
    byte[] out = scratch.resize(picture.width(), picture.height());
    int to = 0;
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int from = source.of(x, y);
        out[to++] = in[from];
        out[to++] = in[from + 1];
        out[to++] = in[from + 2];
      }
    }
    picture.swap(scratch);
  }

  /** Python's round(value, 15), which PIL applies to the matrix. */
  private static double rounded(double value) {
    return new BigDecimal(value).setScale(15, RoundingMode.HALF_EVEN).doubleValue();
  }

  private AffineWarp() {}
}
