package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/**
 * Blurs, moves pixels about, and blurs again. The published code means to exchange two pixels but
 * copies one over the other, since both sides of its exchange look into one array; so does this.
 */
public final class GlassBlur implements Corruption {
  private static final double TRUNCATE = 4;
  private static final int BANDS = 3;

  private final GaussianFilter filter;
  private final int reach;
  private final int iterations;

  /**
   * @param sigma of both blurs, in pixels
   * @param reach farthest that a pixel comes from, in pixels
   * @param iterations passes over the picture
   */
  public GlassBlur(double sigma, int reach, int iterations) {
    filter = new GaussianFilter(sigma, TRUNCATE, Edges.REPLICATE);
    this.reach = reach;
    this.iterations = iterations;
  }

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    int count = 2 * iterations * moved(picture.height()) * moved(picture.width());
    byte[] moves = scratch.bytes(0, count);
    for (int i = 0; i < count; i++) {
      moves[i] = (byte) (random.nextInt(2 * reach) - reach);
    }
    apply(picture, moves, scratch);
  }

  /** Rows or columns whose pixels move. */
  private int moved(int length) {
    return Math.max(0, length - 2 * reach);
  }

  /**
   * Corrupts with given numbers.
   *
   * @param moves columns and rows that each moved pixel comes from, as whole numbers from −reach to
   *     reach − 1, in the order of visits: passes, then rows and in them columns from the last one
   */
  public void apply(Picture picture, byte[] moves, Scratch scratch) {
    int width = picture.width();
    int height = picture.height();
    byte[] data = picture.data();
    blur(picture, scratch);
    int next = 0;
    for (int pass = 0; pass < iterations; pass++) {
      for (int y = height - reach; y > reach; y--) {
        for (int x = width - reach; x > reach; x--) {
          int at = BANDS * (y * width + x);
          int from = at + BANDS * (moves[next + 1] * width + moves[next]);
          next += 2;
          data[at] = data[from];
          data[at + 1] = data[from + 1];
          data[at + 2] = data[from + 2];
        }
      }
    }
    blur(picture, scratch);
  }

  private void blur(Picture picture, Scratch scratch) {
    double[] values = scratch.doubles(0, picture.length());
    Levels.unit(picture, values);
    filter.apply(values, picture.height(), picture.width(), BANDS, scratch, 1);
    byte[] data = picture.data();
    int length = picture.length();
    for (int i = 0; i < length; i++) {
      data[i] = Levels.stored(values[i]);
    }
  }
}
