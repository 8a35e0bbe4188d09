package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/**
 * Adds to every value a normal number of deviation {@code sigma}.
 *
 * @param sigma on the scale [0, 1]
 */
public record GaussianNoise(double sigma) implements Corruption {

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    double[] normals = scratch.doubles(0, picture.length());
    Draws.normals(random, normals, picture.length());
    apply(picture, normals);
  }

  /**
   * Corrupts with given numbers.
   *
   * @param normals of mean 0 and deviation 1, one for each value
   */
  public void apply(Picture picture, double[] normals) {
    byte[] data = picture.data();
    int length = picture.length();
    for (int i = 0; i < length; i++) {
      data[i] = Levels.stored(Levels.unit(data[i]) + sigma * normals[i]);
    }
  }
}
