package io.urrl.augment.kernel;

/** {@link WarpKernel}'s definition, pixel by pixel. */
final class ExactWarp {

  /** Some pixels of a row, from column {@code from} to before {@code end}. */
  static void row(
      byte[] in, int width, int height, Affine matrix, byte[] out, int y, int from, int end) {
    double a = matrix.a;
    double b = matrix.b;
    double c = matrix.c;
    double d = matrix.d;
    double e = matrix.e;
    double f = matrix.f;
    double centreY = y + 0.5;
    for (int x = from; x < end; x++) {
      double centreX = x + 0.5;
      double sourceX = a * centreX + b * centreY + c;
      double sourceY = d * centreX + e * centreY + f;
      pixel(in, width, height, sourceX, sourceY, out, 3 * (y * width + x));
    }
  }

  /** One pixel that reads input ({@code sourceX}, {@code sourceY}). */
  static void pixel(
      byte[] in, int width, int height, double sourceX, double sourceY, byte[] out, int to) {
    boolean inside = sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height;
    if (!inside) {
      out[to] = 0;
      out[to + 1] = 0;
      out[to + 2] = 0;
      return;
    }
    double x = sourceX - 0.5;
    double y = sourceY - 0.5;
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    double dx = x - column;
    double dy = y - row;
    int left = 3 * Math.max(column, 0);
    int right = 3 * Math.min(column + 1, width - 1);
    int upper = 3 * width * Math.max(row, 0);
    int lower = 3 * width * Math.min(row + 1, height - 1);
    for (int channel = 0; channel < 3; channel++) {
      int topLeft = in[upper + left + channel] & 0xFF;
      int topRight = in[upper + right + channel] & 0xFF;
      int bottomLeft = in[lower + left + channel] & 0xFF;
      int bottomRight = in[lower + right + channel] & 0xFF;
      double top = topLeft + (topRight - topLeft) * dx;
      double bottom = bottomLeft + (bottomRight - bottomLeft) * dx;
      out[to + channel] = (byte) (int) (top + (bottom - top) * dy);
    }
  }

  private ExactWarp() {}
}
