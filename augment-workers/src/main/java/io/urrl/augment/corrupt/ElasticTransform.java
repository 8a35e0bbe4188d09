package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;
import java.util.Arrays;

/**
 * Stretches a picture: a random affine warp, then a smooth random displacement of every pixel
 * (Simard, Steinkraus and Platt, 2003). Pictures are in float, displacements in double.
 */
public final class ElasticTransform implements Corruption {
  private static final double TRUNCATE = 3;
  private static final int BANDS = 3;
  private static final int COORDINATES = 6;

  private final double alpha;
  private final double affine;
  private final GaussianFilter filter;

  /**
   * @param alpha factor of the smoothed displacements
   * @param sigma of their blur, in pixels
   * @param affine farthest that a corner of the affine warp moves, in pixels
   */
  public ElasticTransform(double alpha, double sigma, double affine) {
    this.alpha = alpha;
    this.affine = affine;
    filter = new GaussianFilter(sigma, TRUNCATE, Edges.REFLECT);
  }

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    int count = picture.width() * picture.height();
    double[] points = scratch.doubles(0, COORDINATES);
    double[] fieldX = scratch.doubles(1, count);
    double[] fieldY = scratch.doubles(2, count);
    Draws.uniforms(random, points, COORDINATES);
    Draws.uniforms(random, fieldX, count);
    Draws.uniforms(random, fieldY, count);
    apply(picture, points, fieldX, fieldY, scratch);
  }

  /**
   * Corrupts with given numbers, all uniform on [0, 1).
   *
   * @param points movement of three points, x and y each
   * @param fieldX horizontal displacement of each pixel; overwritten
   * @param fieldY vertical displacement of each pixel; overwritten
   */
  public void apply(
      Picture picture, double[] points, double[] fieldX, double[] fieldY, Scratch scratch) {
    int width = picture.width();
    int height = picture.height();
    byte[] data = picture.data();
    int length = picture.length();
    float[] plain = scratch.floats(0, length);
    for (int i = 0; i < length; i++) {
      plain[i] = (data[i] & 0xFF) / 255f;
    }
    float[] warped = scratch.floats(1, length);
    FixedPointWarp.apply(plain, height, width, affineMap(height, width, points), warped);
    displacements(fieldX, height, width, scratch);
    displacements(fieldY, height, width, scratch);
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        sample(warped, height, width, y + fieldY[at], x + fieldX[at], data, to);
        to += BANDS;
      }
    }
  }

  /** From the warped picture back to the plain one. */
  private AffineMap affineMap(int height, int width, double[] points) {
    // The published code takes the height for x; the pictures it was made for are square.
    float centreX = Math.floorDiv(height, 2);
    float centreY = Math.floorDiv(width, 2);
    int arm = Math.min(height, width) / 3;
    float[] before = {
      centreX + arm, centreY + arm, centreX + arm, centreY - arm, centreX - arm, centreY - arm
    };
    float[] after = Arrays.copyOf(before, COORDINATES);
    for (int i = 0; i < COORDINATES; i++) {
      after[i] += (float) (-affine + (affine - -affine) * points[i]);
    }
    return AffineMap.between(before, after).inverse();
  }

  /** Turns uniform numbers into smooth displacements, in pixels and of float's precision. */
  private void displacements(double[] field, int height, int width, Scratch scratch) {
    for (int i = 0; i < height * width; i++) {
      field[i] = -1 + 2 * field[i];
    }
    filter.apply(field, height, width, 1, scratch, 3);
    for (int i = 0; i < height * width; i++) {
      field[i] = (float) (field[i] * alpha);
    }
  }

  /** SciPy's linear interpolation at a place, mirrored outside. */
  private static void sample(
      float[] in, int height, int width, double placeY, double placeX, byte[] out, int to) {
    double y = mirrored(placeY, height);
    double x = mirrored(placeX, width);
    int row = (int) Math.floor(y);
    int column = (int) Math.floor(x);
    double nearY = 1 - (y - row);
    double farY = 1 - nearY;
    double nearX = 1 - (x - column);
    double farX = 1 - nearX;
    int above = BANDS * width * Edges.REFLECT.inside(row, height);
    int below = BANDS * width * Edges.REFLECT.inside(row + 1, height);
    int left = BANDS * Edges.REFLECT.inside(column, width);
    int right = BANDS * Edges.REFLECT.inside(column + 1, width);
    for (int band = 0; band < BANDS; band++) {
      double sum = in[above + left + band] * nearY * nearX;
      sum += in[above + right + band] * nearY * farX;
      sum += in[below + left + band] * farY * nearX;
      sum += in[below + right + band] * farY * farX;
      out[to + band] = Levels.stored((float) sum);
    }
  }

  /** A place outside, mirrored to within half a pixel of the outermost values. */
  private static double mirrored(double place, int length) {
    int period = 2 * length;
    double inside = place;
    if (inside < 0) {
      if (inside < -period) {
        inside += period * (int) (-inside / period);
      }
      inside = inside < -length ? inside + period : Math.max(-inside, 1e-15) - 1;
    } else if (inside > length - 1) {
      inside -= period * (int) (inside / period);
      if (inside >= length) {
        inside = period - inside - 1;
      }
    }
    return inside;
  }
}
