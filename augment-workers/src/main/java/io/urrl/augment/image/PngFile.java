package io.urrl.augment.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes pictures as PNG files. */
public final class PngFile {

  private PngFile() {}

  /** Writes a picture, over what was there. */
  public static void write(Path file, Picture picture) throws IOException {
    int width = picture.width();
    int height = picture.height();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    byte[] data = picture.data();
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        row[x] = (data[at] & 0xFF) << 16 | (data[at + 1] & 0xFF) << 8 | (data[at + 2] & 0xFF);
        at += 3;
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    ImageIO.write(image, "png", file.toFile());
  }
}
