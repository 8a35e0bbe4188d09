package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/** Adds a random piece of an ice texture. */
public final class Frost implements Corruption {
  private static final int BANDS = 3;
  private static final int LEVELS = 256;

  private final FrostTextures textures;
  private final double[] pictureShares = new double[LEVELS];
  private final double[] frostShares = new double[LEVELS];

  /**
   * @param pictureWeight weight of the picture
   * @param frostWeight weight of the texture
   */
  public Frost(double pictureWeight, double frostWeight, FrostTextures textures) {
    this.textures = textures;
    for (int value = 0; value < LEVELS; value++) {
      pictureShares[value] = pictureWeight * value;
      frostShares[value] = frostWeight * value;
    }
  }

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    Picture texture = textures.get(random.nextInt(textures.size()));
    int row = random.nextInt(Math.max(1, texture.height() - picture.height()));
    int column = random.nextInt(Math.max(1, texture.width() - picture.width()));
    apply(picture, texture, row, column);
  }

  /**
   * Corrupts with a given piece.
   *
   * @param row of the texture on which the picture's first row lies
   * @param column of the texture on which the picture's first column lies; where the texture ends
   *     it goes on mirrored
   */
  public void apply(Picture picture, Picture texture, int row, int column) {
    byte[] data = picture.data();
    byte[] ice = texture.data();
    int at = 0;
    for (int y = 0; y < picture.height(); y++) {
      int line = texture.width() * Edges.REFLECT.inside(row + y, texture.height());
      for (int x = 0; x < picture.width(); x++) {
        int from = BANDS * (line + Edges.REFLECT.inside(column + x, texture.width()));
        for (int band = 0; band < BANDS; band++) {
          double sum = pictureShares[data[at] & 0xFF] + frostShares[ice[from + band] & 0xFF];
          data[at++] = (byte) (int) Math.min(sum, 255.0);
        }
      }
    }
  }
}
