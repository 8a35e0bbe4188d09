package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/** Blurs along a line that is up to 45 degrees off the horizontal. */
public final class MotionBlur implements Corruption {
  private static final double MOST_DEGREES = 45;
  private static final int BANDS = 3;

  private final LineBlur line;

  /**
   * @param radius of the blur, in pixels
   * @param sigma deviation of the one-sided Gaussian, in pixels
   */
  public MotionBlur(double radius, double sigma) {
    line = new LineBlur(radius, sigma);
  }

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    apply(picture, random.uniform(-MOST_DEGREES, MOST_DEGREES), scratch);
  }

  /**
   * Corrupts with a given number.
   *
   * @param angle of the line, in degrees
   */
  public void apply(Picture picture, double angle, Scratch scratch) {
    line.apply(picture.data(), picture.height(), picture.width(), BANDS, angle, scratch);
  }
}
