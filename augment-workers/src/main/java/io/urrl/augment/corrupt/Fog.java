package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/**
 * Fog: a {@link Plasma} map is added, and the whole scaled so that it stays below the brightest
 * value.
 *
 * @param strength of the fog
 * @param decay of its finer parts: the larger, the smoother
 */
public record Fog(double strength, double decay) implements Corruption {
  private static final int BANDS = 3;

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    int count = Plasma.draws(side(picture));
    double[] uniforms = scratch.doubles(0, count);
    Draws.uniforms(random, uniforms, count);
    apply(picture, uniforms, scratch);
  }

  private static int side(Picture picture) {
    return Plasma.side(Math.max(picture.width(), picture.height()));
  }

  /**
   * Corrupts with given numbers.
   *
   * @param uniforms numbers on [0, 1) for the map
   */
  public void apply(Picture picture, double[] uniforms, Scratch scratch) {
    int side = side(picture);
    double[] map = scratch.doubles(1, side * side);
    Plasma.fill(side, decay, uniforms, map);
    byte[] data = picture.data();
    int length = picture.length();
    int brightest = 0;
    for (int i = 0; i < length; i++) {
      brightest = Math.max(brightest, data[i] & 0xFF);
    }
    double top = Levels.unit((byte) brightest);
    double scale = top + strength;
    int row = BANDS * picture.width();
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0, at = y * row; x < picture.width(); x++, at += BANDS) {
        double veil = strength * map[y * side + x];
        data[at] = Levels.stored((Levels.unit(data[at]) + veil) * top / scale);
        data[at + 1] = Levels.stored((Levels.unit(data[at + 1]) + veil) * top / scale);
        data[at + 2] = Levels.stored((Levels.unit(data[at + 2]) + veil) * top / scale);
      }
    }
  }
}
