package io.urrl.augment.image;

/**
 * What the headers of a BMP say, by the rules of PIL 9.4: those of Windows (40, 108 and 124 bytes)
 * and of OS/2 (12 and 64 bytes). The size of the file and the number of planes are not looked at.
 * For one file.
 */
final class BmpHeader {
  private static final int FILE_HEADER = 14;
  private static final int OS2_OLD = 12;
  private static final int WINDOWS_3 = 40;
  private static final int OS2_NEW = 64;
  private static final int WINDOWS_4 = 108;
  private static final int WINDOWS_5 = 124;

  private static final int RUNS_OF_BYTES = 1;
  private static final int RUNS_OF_NIBBLES = 2;
  private static final int BIT_FIELDS = 3;

  private static final int MOST_COLOURS = 65_536;
  private static final int PALETTE_COLOURS = 256;

  private final byte[] bytes;
  private final int length;
  private final int size;
  private final long width;
  private final long height;
  private final boolean topDown;
  private final int bits;
  private final long compression;
  private final int paletteAt;
  private final int paletteLength;
  private final long pixelsAt;
  private final BmpLayout layout;

  /** Whether bytes begin as a BMP file does. */
  static boolean accepts(byte[] bytes, int length) {
    return length >= 2 && bytes[0] == 'B' && bytes[1] == 'M';
  }

  /**
   * Reads the headers.
   *
   * @throws BrokenPictureException when they are cut off, or PIL does not know their kind
   */
  BmpHeader(byte[] bytes, int length) throws BrokenPictureException {
    this.bytes = bytes;
    this.length = length;
    size = size();
    boolean old = size == OS2_OLD;
    topDown = !old && bytes[25] == (byte) 0xFF;
    width = old ? half(18) : word(18);
    height = old ? half(20) : topDown ? (1L << 32) - word(22) : word(22);
    bits = half(old ? 24 : 28);
    compression = old ? 0 : word(30);
    if (compression > BIT_FIELDS) {
      throw new BrokenPictureException("a BMP of an unknown compression, " + compression);
    }
    BmpLayout stored = compression == BIT_FIELDS ? fields() : BmpLayout.of(bits);
    int end = FILE_HEADER + size;
    paletteAt = compression == BIT_FIELDS && size == WINDOWS_3 ? end + 12 : end;
    long colours = colours(old);
    long named = word(10);
    if (bits <= 8) {
      paletteLength = (int) Math.min(length - paletteAt, colourBytes() * colours);
      layout = isGray((int) colours) ? grayLayout((int) colours) : stored;
      if (layout == stored && paletteLength / colourBytes() > PALETTE_COLOURS) {
        throw new BrokenPictureException("a BMP palette of " + colours + " colours");
      }
      // As PIL: the place behind the headers is the palette's, which has four bytes a colour.
      named += named == end ? 4 * colours : 0;
    } else {
      paletteLength = 0;
      layout = stored;
    }
    pixelsAt = named == 0 ? paletteAt + paletteLength : named;
  }

  private int size() throws BrokenPictureException {
    requireLength(FILE_HEADER + 4);
    long size = word(FILE_HEADER);
    if (size != OS2_OLD
        && size != WINDOWS_3
        && size != OS2_NEW
        && size != WINDOWS_4
        && size != WINDOWS_5) {
      throw new BrokenPictureException("a BMP header of an unknown kind, " + size + " bytes long");
    }
    requireLength(FILE_HEADER + (int) size);
    return (int) size;
  }

  /** Newer headers hold the masks; behind the usual one there are three of them. */
  private BmpLayout fields() throws BrokenPictureException {
    int at = FILE_HEADER + WINDOWS_3;
    boolean behind = size == WINDOWS_3;
    requireLength(behind ? at + 12 : at);
    return BmpLayout.of(bits, word(at), word(at + 4), word(at + 8), behind ? 0 : word(at + 12));
  }

  private long colours(boolean old) throws BrokenPictureException {
    if (bits > 8) {
      return 0;
    }
    long named = old ? 0 : word(46);
    if (named > MOST_COLOURS) {
      throw new BrokenPictureException("a BMP palette of " + named + " colours");
    }
    return named == 0 ? 1L << bits : named;
  }

  /** A palette of grays is none to PIL, and then the header's bits do not count. */
  private boolean isGray(int colours) {
    for (int i = 0; i < colours; i++) {
      int level = colours == 2 ? 255 * i : i & 0xFF;
      int at = paletteAt + i * colourBytes();
      if (at + 3 > paletteAt + paletteLength
          || bytes[at] != (byte) level
          || bytes[at + 1] != (byte) level
          || bytes[at + 2] != (byte) level) {
        return false;
      }
    }
    return true;
  }

  private static BmpLayout grayLayout(int colours) {
    return colours == 2 ? BmpLayout.BLACK_AND_WHITE : BmpLayout.GRAY;
  }

  long width() {
    return width;
  }

  long height() {
    return height;
  }

  /** Whether the first row is the topmost one. */
  boolean topDown() {
    return topDown;
  }

  /** How a pixel is stored, where there are no runs. */
  BmpLayout layout() {
    return layout;
  }

  /** Whether pixels are run-length encoded. */
  boolean runs() {
    return compression == RUNS_OF_BYTES || compression == RUNS_OF_NIBBLES;
  }

  /** Whether the runs are of four bits a pixel instead of eight. */
  boolean runsOfNibbles() {
    return compression == RUNS_OF_NIBBLES;
  }

  /** Bytes from the beginning of one row to the next: a multiple of four. */
  long stride() {
    return ((width * bits + 31) >> 3) & ~3L;
  }

  /** Where the pixels begin; may lie behind the end. */
  long pixelsAt() {
    return pixelsAt;
  }

  /**
   * Reads the palette; indices that it does not name are gray levels.
   *
   * @param into takes 256 times red, green and blue
   */
  void readPalette(byte[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = (byte) (i / 3);
    }
    int colours = Math.min(PALETTE_COLOURS, paletteLength / colourBytes());
    for (int i = 0, at = paletteAt; i < colours; i++, at += colourBytes()) {
      into[3 * i] = bytes[at + 2];
      into[3 * i + 1] = bytes[at + 1];
      into[3 * i + 2] = bytes[at];
    }
  }

  private int colourBytes() {
    return size == OS2_OLD ? 3 : 4;
  }

  private void requireLength(int needed) throws BrokenPictureException {
    if (length < needed) {
      throw new BrokenPictureException("truncated: the BMP ends within its header");
    }
  }

  private int half(int at) {
    return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
  }

  private long word(int at) {
    return half(at) | (long) half(at + 2) << 16;
  }
}
