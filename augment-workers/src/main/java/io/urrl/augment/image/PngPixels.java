package io.urrl.augment.image;

import java.util.Arrays;

/**
 * PNG as PIL 9.4's {@code convert("RGB")} gives it: alpha is dropped, palettes are looked up and
 * indices beyond them are gray levels, gray is repeated, 16-bit colour keeps its high byte, and
 * 16-bit gray without alpha is cut off at 255. Of an animation the first frame is taken. Keeps
 * scratch memory: one thread at a time.
 */
final class PngPixels {
  private static final int LEVELS = 256;

  private final PngHeader header = new PngHeader();
  private final PngStream stream = new PngStream(header);
  private final PngLayout layout = new PngLayout();
  private final PngInflation inflation = new PngInflation();
  private final byte[] palette = new byte[3 * LEVELS];

  /**
   * Decodes a whole file.
   *
   * @throws BrokenPictureException when PIL refuses it
   */
  void decode(byte[] bytes, int length, PixelLimit limit, Picture into)
      throws BrokenPictureException {
    stream.open(bytes, length);
    header.requireSize(limit);
    readPalette(bytes);
    layout.set(header.columns(), header.rows(), header.bits() * channels(), header.interlaced());
    int reached = inflation.expand(stream, bytes, layout);
    stream.finish();
    header.requireConsistent();
    byte[] rows = inflation.rows();
    Arrays.fill(rows, 0, layout.begin(), (byte) 0);
    byte[] data = into.resize(header.width(), header.height());
    if (reached < layout.rows()
        || header.columns() < header.width()
        || header.rows() < header.height()) {
      fillEmpty(data, into.length());
    }
    int above = 0;
    int at = layout.begin();
    for (int row = 0; row < reached; row++) {
      int pass = layout.pass(row);
      int rowLength = layout.rowLength(row);
      PngFilter.undo(rows, at, layout.isFirst(row) ? 0 : above, rowLength - 1, layout.pixelBytes());
      // PIL sets interlaced data to the corner, whatever part they belong to.
      int left = header.interlaced() ? 0 : header.left();
      int top = header.interlaced() ? 0 : header.top();
      int to = 3 * ((top + layout.y(row)) * header.width() + left + layout.x(pass));
      spread(rows, at + 1, layout.width(pass), data, to, 3 * layout.step(pass));
      above = at;
      at += rowLength;
    }
  }

  private int channels() {
    return switch (header.colour()) {
      case PngHeader.RGB -> 3;
      case PngHeader.GRAY_ALPHA -> 2;
      case PngHeader.RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  private void readPalette(byte[] bytes) {
    if (header.colour() != PngHeader.PALETTE) {
      return;
    }
    for (int i = 0; i < palette.length; i++) {
      palette[i] = (byte) (i / 3);
    }
    int colours = Math.max(0, header.paletteLength() / 3);
    System.arraycopy(bytes, header.paletteAt(), palette, 0, 3 * colours);
  }

  /** Pixels that no row reaches have index 0, or are black. */
  private void fillEmpty(byte[] data, int length) {
    boolean indexed = header.colour() == PngHeader.PALETTE;
    for (int i = 0; i < length; i++) {
      data[i] = indexed ? palette[i % 3] : 0;
    }
  }

  /** Writes a row's pixels, {@code step} bytes from one to the next. */
  private void spread(byte[] row, int from, int count, byte[] data, int to, int step) {
    int bytes = header.bits() >> 3;
    switch (header.colour()) {
      case PngHeader.RGB, PngHeader.RGB_ALPHA -> {
        int pixel = channels() * bytes;
        if (pixel == 3 && step == 3) {
          System.arraycopy(row, from, data, to, 3 * count);
        } else {
          colour(row, from, count, pixel, bytes, data, to, step);
        }
      }
      case PngHeader.GRAY_ALPHA -> gray(row, from, count, 2 * bytes, data, to, step);
      case PngHeader.PALETTE -> indexed(row, from, count, data, to, step);
      default -> {
        if (header.bits() == 16) {
          deepGray(row, from, count, data, to, step);
        } else if (header.bits() == 8) {
          gray(row, from, count, 1, data, to, step);
        } else {
          shallowGray(row, from, count, data, to, step);
        }
      }
    }
  }

  private static void colour(
      byte[] row, int from, int count, int pixel, int channel, byte[] data, int to, int step) {
    for (int i = 0, at = from, into = to; i < count; i++, at += pixel, into += step) {
      data[into] = row[at];
      data[into + 1] = row[at + channel];
      data[into + 2] = row[at + 2 * channel];
    }
  }

  private static void gray(
      byte[] row, int from, int count, int pixel, byte[] data, int to, int step) {
    for (int i = 0, at = from, into = to; i < count; i++, at += pixel, into += step) {
      set(data, into, row[at]);
    }
  }

  private static void deepGray(byte[] row, int from, int count, byte[] data, int to, int step) {
    for (int i = 0, at = from, into = to; i < count; i++, at += 2, into += step) {
      set(data, into, row[at] == 0 ? row[at + 1] : (byte) 0xFF);
    }
  }

  private void shallowGray(byte[] row, int from, int count, byte[] data, int to, int step) {
    int scale = 255 / ((1 << header.bits()) - 1);
    for (int i = 0, into = to; i < count; i++, into += step) {
      set(data, into, (byte) (scale * packed(row, from, i)));
    }
  }

  private void indexed(byte[] row, int from, int count, byte[] data, int to, int step) {
    for (int i = 0, into = to; i < count; i++, into += step) {
      int colour = 3 * (header.bits() == 8 ? row[from + i] & 0xFF : packed(row, from, i));
      data[into] = palette[colour];
      data[into + 1] = palette[colour + 1];
      data[into + 2] = palette[colour + 2];
    }
  }

  /** A pixel of less than a byte; the first one is in the highest bits. */
  private int packed(byte[] row, int from, int pixel) {
    int bits = header.bits();
    long place = (long) pixel * bits;
    return row[from + (int) (place >> 3)] >> (8 - bits - (int) (place & 7)) & ((1 << bits) - 1);
  }

  private static void set(byte[] data, int at, byte level) {
    data[at] = level;
    data[at + 1] = level;
    data[at + 2] = level;
  }
}
