package io.urrl.launch.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewGridTest {
  private static final int SIDE = 160;
  private static final int GAP = 6;
  private static final String LONG =
      "T_rob flip contrast+translate_y+contrast | contrast+shear_x+sharpness | equalize+rotate";

  @TempDir private Path folder;

  private BufferedImage grid(String... captions) throws IOException {
    byte[] red = new byte[3 * SIDE * SIDE];
    Arrays.fill(red, 0, SIDE * SIDE, (byte) 200);
    ViewGrid grid = new ViewGrid(SIDE, 2);
    for (String caption : captions) {
      grid.add(caption, MemorySegment.ofArray(red));
    }
    Path file = folder.resolve("grid.png");
    grid.write(file);
    return ImageIO.read(file.toFile());
  }

  /** Ink in the columns {@code from} up to {@code to}, below the first row of pictures. */
  private static boolean ink(BufferedImage image, int from, int to) {
    for (int y = GAP + SIDE; y < image.getHeight(); y++) {
      for (int x = from; x < to; x++) {
        if ((image.getRGB(x, y) & 0xFFFFFF) == 0) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aCaptionStaysBelowItsPicture() throws IOException {
    BufferedImage image = grid(LONG, "");
    assertEquals(GAP + 2 * (SIDE + GAP), image.getWidth());
    assertEquals(200 << 16, image.getRGB(GAP, GAP) & 0xFFFFFF);
    assertTrue(ink(image, GAP, GAP + SIDE), "no caption");
    assertFalse(ink(image, GAP + SIDE, image.getWidth()), "the caption runs into its neighbour");
  }

  @Test
  void aRowIsAsHighAsItsLongestCaption() throws IOException {
    int low = grid("flip", "blur").getHeight();
    int high = grid("flip", LONG).getHeight();
    assertTrue(high >= low + 20, () -> low + " and " + high);
    assertEquals(2 * low - GAP, grid("flip", "blur", "crop").getHeight());
  }
}
