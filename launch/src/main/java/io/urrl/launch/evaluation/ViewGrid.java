package io.urrl.launch.evaluation;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** A grid of square pictures, each with a caption below it. */
public final class ViewGrid {
  private static final int GAP = 6;
  private static final int LINE = 13;
  private static final int LINES = 4;
  private static final int SMALLEST = 160;

  private final int size;
  private final int columns;
  private final int scale;
  private final List<BufferedImage> cells = new ArrayList<>();
  private final List<String> captions = new ArrayList<>();

  /**
   * @param size side of a picture; small ones are enlarged by a whole factor
   * @param columns pictures in a row
   */
  public ViewGrid(int size, int columns) {
    this.size = size;
    this.columns = columns;
    scale = Math.max(1, SMALLEST / size);
  }

  /** Adds a picture, uint8 [3, size, size]. */
  public void add(String caption, MemorySegment planes) {
    BufferedImage cell = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    int plane = size * size;
    for (int i = 0; i < plane; i++) {
      int red = planes.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
      int green = planes.get(ValueLayout.JAVA_BYTE, plane + i) & 0xFF;
      int blue = planes.get(ValueLayout.JAVA_BYTE, 2L * plane + i) & 0xFF;
      cell.setRGB(i % size, i / size, red << 16 | green << 8 | blue);
    }
    cells.add(cell);
    captions.add(caption);
  }

  /** Writes the grid as PNG. */
  public void write(Path file) throws IOException {
    int side = size * scale;
    int cellWidth = side + GAP;
    int cellHeight = side + LINES * LINE + GAP;
    int rows = (cells.size() + columns - 1) / columns;
    BufferedImage image =
        new BufferedImage(
            GAP + columns * cellWidth, GAP + rows * cellHeight, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    for (int i = 0; i < cells.size(); i++) {
      int x = GAP + i % columns * cellWidth;
      int y = GAP + i / columns * cellHeight;
      graphics.drawImage(cells.get(i), x, y, side, side, null);
      List<String> lines = wrapped(captions.get(i), side / 6);
      for (int line = 0; line < Math.min(LINES, lines.size()); line++) {
        graphics.drawString(lines.get(line), x, y + side + (line + 1) * LINE - 2);
      }
    }
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  private static List<String> wrapped(String caption, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : caption.split(" ", -1)) {
      if (line.length() > 0 && line.length() + word.length() + 1 > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
