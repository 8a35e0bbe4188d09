package io.urrl.augment.image;

/**
 * BMP as PIL 9.4's {@code convert("RGB")} gives it: palettes are looked up, gray is repeated, five
 * and six bits are spread over eight and cut off, alpha is dropped. Keeps scratch memory: one
 * thread at a time.
 */
final class BmpPixels {
  private static final int LEVELS = 256;

  private final byte[] palette = new byte[3 * LEVELS];

  /**
   * Decodes a whole file.
   *
   * @throws BrokenPictureException when PIL refuses it
   */
  void decode(byte[] bytes, int length, PixelLimit limit, Picture into)
      throws BrokenPictureException {
    BmpHeader header = new BmpHeader(bytes, length);
    limit.check(header.width(), header.height());
    header.readPalette(palette);
    if (header.runs()) {
      decodeRuns(bytes, length, header, into);
    } else {
      decodeRows(bytes, length, header, into);
    }
  }

  private void decodeRows(byte[] bytes, int length, BmpHeader header, Picture into)
      throws BrokenPictureException {
    int width = (int) header.width();
    int height = (int) header.height();
    BmpLayout layout = header.layout();
    long row = ((long) width * layout.bits() + 7) / 8;
    long stride = header.stride();
    if (stride < row) {
      throw new BrokenPictureException("the palette of the BMP contradicts its depth");
    }
    if (header.pixelsAt() + stride * (height - 1) + row > length) {
      throw new BrokenPictureException("truncated: the BMP ends within its pixels");
    }
    byte[] data = into.resize(width, height);
    int at = (int) header.pixelsAt();
    for (int y = 0; y < height; y++, at += (int) stride) {
      int line = header.topDown() ? y : height - 1 - y;
      spread(bytes, at, width, layout, data, 3 * width * line);
    }
  }

  private void spread(byte[] row, int from, int count, BmpLayout layout, byte[] data, int to) {
    switch (layout) {
      case BIT_INDEX, NIBBLE_INDEX -> {
        int bits = layout.bits();
        for (int x = 0; x < count; x++) {
          lookUp(packed(row, from, x, bits), data, to + 3 * x);
        }
      }
      case BYTE_INDEX -> {
        for (int x = 0; x < count; x++) {
          lookUp(row[from + x] & 0xFF, data, to + 3 * x);
        }
      }
      case BLACK_AND_WHITE -> {
        for (int x = 0; x < count; x++) {
          set(data, to + 3 * x, (byte) -packed(row, from, x, 1));
        }
      }
      case GRAY -> {
        for (int x = 0; x < count; x++) {
          set(data, to + 3 * x, row[from + x]);
        }
      }
      case FIVE_FIVE_FIVE -> fields(row, from, count, 5, data, to);
      case FIVE_SIX_FIVE -> fields(row, from, count, 6, data, to);
      case BLUE_GREEN_RED -> colour(row, from, count, 3, 2, data, to);
      case BLUE_GREEN_RED_ANY -> colour(row, from, count, 4, 2, data, to);
      case ANY_BLUE_GREEN_RED -> colour(row, from, count, 4, 3, data, to);
      case RED_GREEN_BLUE_ANY -> {
        for (int x = 0, at = from, into = to; x < count; x++, at += 4, into += 3) {
          data[into] = row[at];
          data[into + 1] = row[at + 1];
          data[into + 2] = row[at + 2];
        }
      }
    }
  }

  /** Blue, green and red, the last one {@code red} bytes behind the pixel's first byte. */
  private static void colour(
      byte[] row, int from, int count, int pixel, int red, byte[] data, int to) {
    for (int x = 0, at = from + red, into = to; x < count; x++, at += pixel, into += 3) {
      data[into] = row[at];
      data[into + 1] = row[at - 1];
      data[into + 2] = row[at - 2];
    }
  }

  private static void fields(byte[] row, int from, int count, int green, byte[] data, int to) {
    int most = (1 << green) - 1;
    for (int x = 0, at = from, into = to; x < count; x++, at += 2, into += 3) {
      int pixel = (row[at] & 0xFF) | (row[at + 1] & 0xFF) << 8;
      data[into] = (byte) (((pixel >> (5 + green)) & 31) * 255 / 31);
      data[into + 1] = (byte) (((pixel >> 5) & most) * 255 / most);
      data[into + 2] = (byte) ((pixel & 31) * 255 / 31);
    }
  }

  private void decodeRuns(byte[] bytes, int length, BmpHeader header, Picture into)
      throws BrokenPictureException {
    boolean indexed =
        switch (header.layout()) {
          case BIT_INDEX, NIBBLE_INDEX, BYTE_INDEX, GRAY -> true;
          default -> false;
        };
    if (!indexed) {
      throw new BrokenPictureException("a BMP with runs of colours that it has no palette for");
    }
    BmpRuns runs = new BmpRuns(bytes, length, header);
    int width = (int) header.width();
    int height = (int) header.height();
    byte[] indices = runs.indices();
    byte[] data = into.resize(width, height);
    for (int y = 0, at = 0; y < height; y++) {
      int line = header.topDown() ? y : height - 1 - y;
      for (int x = 0, to = 3 * width * line; x < width; x++, to += 3) {
        lookUp(indices[at++] & 0xFF, data, to);
      }
    }
  }

  private void lookUp(int index, byte[] data, int at) {
    int colour = 3 * index;
    data[at] = palette[colour];
    data[at + 1] = palette[colour + 1];
    data[at + 2] = palette[colour + 2];
  }

  private static void set(byte[] data, int at, byte level) {
    data[at] = level;
    data[at + 1] = level;
    data[at + 2] = level;
  }

  /** A pixel of less than a byte; the first one is in the highest bits. */
  private static int packed(byte[] row, int from, int pixel, int bits) {
    long place = (long) pixel * bits;
    return row[from + (int) (place >> 3)] >> (8 - bits - (int) (place & 7)) & ((1 << bits) - 1);
  }
}
