package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/** Counts photons: a value becomes a Poisson number with itself as the mean. */
public final class ShotNoise implements Corruption {
  private final double photons;
  private final PoissonTable[] laws = new PoissonTable[256];

  /**
   * @param photons mean count of a white value
   */
  public ShotNoise(double photons) {
    this.photons = photons;
    for (int value = 0; value < laws.length; value++) {
      laws[value] = new PoissonTable(Levels.unit((byte) value) * photons);
    }
  }

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    int[] counts = scratch.ints(0, picture.length());
    byte[] data = picture.data();
    int length = picture.length();
    for (int i = 0; i < length; i++) {
      counts[i] = laws[data[i] & 0xFF].count(random.nextDouble());
    }
    apply(picture, counts);
  }

  /**
   * Corrupts with given numbers.
   *
   * @param counts photons of each value
   */
  public void apply(Picture picture, int[] counts) {
    byte[] data = picture.data();
    int length = picture.length();
    for (int i = 0; i < length; i++) {
      data[i] = Levels.stored(counts[i] / photons);
    }
  }
}
