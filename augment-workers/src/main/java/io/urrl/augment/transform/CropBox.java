package io.urrl.augment.transform;

import io.urrl.actors.random.Philox;

/**
 * RandomResizedCrop(scale (0.2, 1), ratio (3/4, 4/3)): ten attempts at a box of random area and
 * shape, then the central box of the nearest admissible shape. Used again for every view.
 */
final class CropBox {
  private static final int ATTEMPTS = 10;
  private static final double SMALLEST_AREA = 0.2;
  private static final double TALLEST = 3.0 / 4.0;
  private static final double WIDEST = 4.0 / 3.0;
  private static final double LOG_TALLEST = StrictMath.log(TALLEST);
  private static final double LOG_WIDEST = StrictMath.log(WIDEST);

  private int top;
  private int left;
  private int height;
  private int width;

  int top() {
    return top;
  }

  int left() {
    return left;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** Draws a box within a picture. */
  void draw(int pictureWidth, int pictureHeight, Philox random) {
    double area = (double) pictureWidth * pictureHeight;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double target = area * random.uniform(SMALLEST_AREA, 1.0);
      double ratio = StrictMath.exp(random.uniform(LOG_TALLEST, LOG_WIDEST));
      width = (int) Math.rint(Math.sqrt(target * ratio));
      height = (int) Math.rint(Math.sqrt(target / ratio));
      if (width > 0 && width <= pictureWidth && height > 0 && height <= pictureHeight) {
        top = random.nextInt(pictureHeight - height + 1);
        left = random.nextInt(pictureWidth - width + 1);
        return;
      }
    }
    central(pictureWidth, pictureHeight);
  }

  private void central(int pictureWidth, int pictureHeight) {
    double ratio = (double) pictureWidth / pictureHeight;
    width = ratio > WIDEST ? (int) Math.rint(pictureHeight * WIDEST) : pictureWidth;
    height = ratio < TALLEST ? (int) Math.rint(pictureWidth / TALLEST) : pictureHeight;
    top = (pictureHeight - height) / 2;
    left = (pictureWidth - width) / 2;
  }
}
