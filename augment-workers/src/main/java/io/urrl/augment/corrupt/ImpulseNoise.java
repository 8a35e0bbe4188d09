package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/**
 * Turns values into black or white, evenly.
 *
 * @param amount probability that a value turns
 */
public record ImpulseNoise(double amount) implements Corruption {

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    double[] flips = scratch.doubles(0, picture.length());
    double[] salts = scratch.doubles(1, picture.length());
    Draws.uniforms(random, flips, picture.length());
    Draws.uniforms(random, salts, picture.length());
    apply(picture, flips, salts);
  }

  /**
   * Corrupts with given numbers, uniform on [0, 1), one of each kind for each value.
   *
   * @param flips a value turns where this is no more than the amount
   * @param salts a turned value is white where this is no more than a half
   */
  public void apply(Picture picture, double[] flips, double[] salts) {
    byte[] data = picture.data();
    int length = picture.length();
    for (int i = 0; i < length; i++) {
      if (flips[i] <= amount) {
        data[i] = (byte) (salts[i] <= 0.5 ? 255 : 0);
      }
    }
  }
}
