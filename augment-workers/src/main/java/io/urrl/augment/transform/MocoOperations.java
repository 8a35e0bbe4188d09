package io.urrl.augment.transform;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/** MoCo v2's random operations (Chen et al., 2020), with torchvision's laws. */
final class MocoOperations {
  private static final int ATTEMPTS = 10;

  /** ColorJitter(0.4, 0.4, 0.4, 0.1): each factor uniform, the four in random order. */
  static void jitter(Operations operations, Picture picture, Philox random) {
    double brightness = random.uniform(0.6, 1.4);
    double contrast = random.uniform(0.6, 1.4);
    double saturation = random.uniform(0.6, 1.4);
    double hue = random.uniform(-0.1, 0.1);
    int left = 0b1111;
    for (int remaining = 4; remaining > 0; remaining--) {
      int skip = random.nextInt(remaining);
      int chosen = 0;
      while ((left >> chosen & 1) == 0 || skip-- > 0) {
        chosen++;
      }
      left &= ~(1 << chosen);
      switch (chosen) {
        case 0 -> operations.brightness(picture, brightness);
        case 1 -> operations.contrast(picture, contrast);
        case 2 -> operations.colour(picture, saturation);
        default -> operations.hue(picture, hue);
      }
    }
  }

  /** Gaussian blur with σ uniform in [0.1, 2]. */
  static void blur(Operations operations, Picture picture, Philox random) {
    operations.gaussianBlur(picture, random.uniform(0.1, 2.0));
  }

  /**
   * RandomResizedCrop(scale (0.2, 1), ratio (3/4, 4/3)): ten attempts at a box of random area and
   * shape, then the central box of the nearest admissible shape.
   */
  static void crop(Operations operations, Picture from, int size, Picture into, Philox random) {
    int width = from.width();
    int height = from.height();
    double area = (double) width * height;
    double lowest = StrictMath.log(3.0 / 4.0);
    double highest = StrictMath.log(4.0 / 3.0);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double target = area * random.uniform(0.2, 1.0);
      double ratio = StrictMath.exp(random.uniform(lowest, highest));
      int boxWidth = (int) Math.rint(Math.sqrt(target * ratio));
      int boxHeight = (int) Math.rint(Math.sqrt(target / ratio));
      if (boxWidth > 0 && boxWidth <= width && boxHeight > 0 && boxHeight <= height) {
        int top = random.nextInt(height - boxHeight + 1);
        int left = random.nextInt(width - boxWidth + 1);
        operations.resizedCrop(from, top, left, boxHeight, boxWidth, size, size, into);
        return;
      }
    }
    double ratio = (double) width / height;
    int boxWidth = width;
    int boxHeight = height;
    if (ratio < 3.0 / 4.0) {
      boxHeight = (int) Math.rint(width / (3.0 / 4.0));
    } else if (ratio > 4.0 / 3.0) {
      boxWidth = (int) Math.rint(height * (4.0 / 3.0));
    }
    int top = (height - boxHeight) / 2;
    int left = (width - boxWidth) / 2;
    operations.resizedCrop(from, top, left, boxHeight, boxWidth, size, size, into);
  }

  private MocoOperations() {}
}
