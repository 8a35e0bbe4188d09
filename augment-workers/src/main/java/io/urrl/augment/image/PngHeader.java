package io.urrl.augment.image;

/**
 * What the chunks of a PNG say beside its pixels, by the rules of PIL 9.4: which of them count,
 * which are ignored, and which refuse the file. A later chunk replaces an earlier one. Used again
 * for the next file; for one thread.
 */
final class PngHeader {
  static final int IHDR = 0x49484452;
  static final int PLTE = 0x504C5445;
  static final int TRNS = 0x74524E53;
  static final int ACTL = 0x6163544C;
  static final int FCTL = 0x6663544C;

  /** Colour types. */
  static final int GRAY = 0;

  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GRAY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  private static final int HEADER_LENGTH = 13;
  private static final int ANIMATION_LENGTH = 8;
  private static final int FRAME_LENGTH = 26;
  private static final int MOST_COLOURS = 256;
  private static final long MOST_FRAMES = 0x80000000L;

  private final PngText text = new PngText();
  private long width;
  private long height;
  private int bits;
  private int colour;
  private boolean interlaced;
  private int paletteAt;
  private int paletteLength;
  private boolean oneTransparentIndex;
  private long sequence;
  private long frames;
  private boolean defaultImage;
  private boolean framed;
  private boolean animated;
  private long left;
  private long top;
  private long right;
  private long bottom;

  /** Forgets the last file. */
  void clear() {
    text.clear();
    width = 0;
    height = 0;
    bits = 0;
    colour = -1;
    interlaced = false;
    paletteAt = 0;
    paletteLength = -1;
    oneTransparentIndex = false;
    sequence = -1;
    frames = 0;
    defaultImage = false;
    framed = false;
  }

  /**
   * Takes a whole chunk in.
   *
   * @param at where its content begins
   * @throws BrokenPictureException when PIL refuses a file with such a chunk
   */
  void take(int type, byte[] bytes, int at, int size) throws BrokenPictureException {
    switch (type) {
      case IHDR -> header(bytes, at, size);
      case PLTE -> {
        if (colour == PALETTE) {
          paletteAt = at;
          paletteLength = size;
        }
      }
      case TRNS -> transparency(bytes, at, size);
      case ACTL -> animation(bytes, at, size);
      case FCTL -> frame(bytes, at, size);
      default -> text.check(type, bytes, at, size);
    }
  }

  private void header(byte[] bytes, int at, int size) throws BrokenPictureException {
    require(size >= HEADER_LENGTH, "IHDR");
    width = unsigned(bytes, at);
    height = unsigned(bytes, at + 4);
    if (isKnown(bytes[at + 8], bytes[at + 9])) {
      bits = bytes[at + 8];
      colour = bytes[at + 9];
    }
    interlaced |= bytes[at + 12] != 0;
    require(bytes[at + 11] == 0, "IHDR");
  }

  private static boolean isKnown(int bits, int colour) {
    return switch (colour) {
      case GRAY -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
      case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
      case RGB, GRAY_ALPHA, RGB_ALPHA -> bits == 8 || bits == 16;
      default -> false;
    };
  }

  /** Transparency changes no colour, but one that is too short refuses the file. */
  private void transparency(byte[] bytes, int at, int size) throws BrokenPictureException {
    switch (colour) {
      case PALETTE -> oneTransparentIndex = transparentIndices(bytes, at, size) == 1;
      case GRAY -> require(size >= 2, "tRNS");
      case RGB -> require(size >= 6, "tRNS");
      default -> {
        // Says nothing where there is an alpha channel, or before the header.
      }
    }
  }

  /** Fully transparent indices where the others are opaque, else −1. */
  private static int transparentIndices(byte[] bytes, int at, int size) {
    int count = 0;
    for (int i = at; i < at + size; i++) {
      if (bytes[i] == 0) {
        count++;
      } else if (bytes[i] != (byte) 0xFF) {
        return -1;
      }
    }
    return count;
  }

  private void animation(byte[] bytes, int at, int size) throws BrokenPictureException {
    require(size >= ANIMATION_LENGTH, "acTL");
    long count = unsigned(bytes, at);
    if (frames > 0) {
      frames = 0;
    } else if (count <= MOST_FRAMES) {
      frames = count;
    }
  }

  private void frame(byte[] bytes, int at, int size) throws BrokenPictureException {
    require(size >= FRAME_LENGTH, "fcTL");
    follow(unsigned(bytes, at));
    left = unsigned(bytes, at + 12);
    top = unsigned(bytes, at + 16);
    right = left + unsigned(bytes, at + 4);
    bottom = top + unsigned(bytes, at + 8);
    require(right <= width && bottom <= height, "fcTL");
    framed = true;
  }

  /** Takes the sequence number of a data chunk of an animation. */
  void frameData(byte[] bytes, int at, long size) throws BrokenPictureException {
    require(size >= 4 && sequence >= 0, "fdAT");
    follow(unsigned(bytes, at));
    data();
  }

  private void follow(long number) throws BrokenPictureException {
    if (number != sequence + 1) {
      throw new BrokenPictureException("the frames of the PNG are out of order");
    }
    sequence = number;
  }

  /** Notes that data was met. */
  void data() {
    defaultImage |= frames > 0 && !framed;
  }

  /** Requires a picture of a known kind and size, at the beginning of its data. */
  void requireSize(PixelLimit limit) throws BrokenPictureException {
    if (colour < 0) {
      throw new BrokenPictureException("the PNG has no header, or one of an unknown kind");
    }
    limit.check(width, height);
    if (paletteLength >= 3 * (MOST_COLOURS + 1)) {
      throw new BrokenPictureException("the palette of the PNG has more than 256 colours");
    }
    animated = frames + (defaultImage ? 1 : 0) > 1;
    boolean all = !framed || (left == 0 && right == 0);
    left = all ? 0 : left;
    top = all ? 0 : top;
    right = all ? width : right;
    bottom = all ? height : bottom;
    boolean inside = left < right && top < bottom && right <= width && bottom <= height;
    require(inside, "fcTL");
  }

  /** Requires what was met up to the end of the file to go together. */
  void requireConsistent() throws BrokenPictureException {
    if (colour == PALETTE && paletteLength < 0 && oneTransparentIndex) {
      throw new BrokenPictureException("the PNG has transparent colours and no palette");
    }
  }

  private static void require(boolean right, String chunk) throws BrokenPictureException {
    if (!right) {
      throw new BrokenPictureException("the %s chunk of the PNG is damaged".formatted(chunk));
    }
  }

  /** Whether a header of a known kind was met. */
  boolean isKnown() {
    return colour >= 0;
  }

  /** Columns of the picture. */
  int width() {
    return (int) width;
  }

  /** Rows of the picture. */
  int height() {
    return (int) height;
  }

  /** Bits of a channel. */
  int bits() {
    return bits;
  }

  /** Colour type. */
  int colour() {
    return colour;
  }

  boolean interlaced() {
    return interlaced;
  }

  /** Whether frames follow after the first. */
  boolean animated() {
    return animated;
  }

  /** Where the palette's bytes begin. */
  int paletteAt() {
    return paletteAt;
  }

  /** Bytes of the palette; −1: there is none. */
  int paletteLength() {
    return paletteLength;
  }

  /** First column of the part that the data fill. */
  int left() {
    return (int) left;
  }

  /** First row of the part that the data fill. */
  int top() {
    return (int) top;
  }

  /** Columns that the data fill. */
  int columns() {
    return (int) (right - left);
  }

  /** Rows that the data fill. */
  int rows() {
    return (int) (bottom - top);
  }

  private static long unsigned(byte[] bytes, int at) {
    return PngStream.number(bytes, at) & 0xFFFFFFFFL;
  }
}
