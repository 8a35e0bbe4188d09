package io.urrl.launch.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
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
  private static final int LINES = 8;
  private static final int SMALLEST = 160;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

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

  /** Writes the grid as PNG; each row is as high as its longest caption needs. */
  public void write(Path file) throws IOException {
    int side = size * scale;
    List<List<String>> texts = lines(side);
    int rows = (cells.size() + columns - 1) / columns;
    int[] tops = new int[rows + 1];
    tops[0] = GAP;
    for (int row = 0; row < rows; row++) {
      int last = Math.min(cells.size(), (row + 1) * columns);
      int most = texts.subList(row * columns, last).stream().mapToInt(List::size).max().orElse(0);
      tops[row + 1] = tops[row] + side + most * LINE + 2 * GAP;
    }
    BufferedImage image =
        new BufferedImage(GAP + columns * (side + GAP), tops[rows], BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(FONT);
    for (int i = 0; i < cells.size(); i++) {
      int x = GAP + i % columns * (side + GAP);
      int y = tops[i / columns];
      graphics.drawImage(cells.get(i), x, y, side, side, null);
      for (int line = 0; line < texts.get(i).size(); line++) {
        graphics.drawString(texts.get(i).get(line), x, y + side + (line + 1) * LINE - 2);
      }
    }
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  /** The captions in lines of at most {@code width} pixels. */
  private List<List<String>> lines(int width) {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    FontMetrics metrics = graphics.getFontMetrics(FONT);
    graphics.dispose();
    return captions.stream()
        .map(caption -> CaptionLines.of(caption, width, LINES, metrics::stringWidth))
        .toList();
  }
}
