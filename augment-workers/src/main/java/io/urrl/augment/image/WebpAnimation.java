package io.urrl.augment.image;

/**
 * Where the first picture of an animated WebP lies. Walks all chunks as libwebp's demultiplexer
 * does, which is PIL's way to open one, so that a file whose later frames are cut or damaged in
 * their headers is refused as PIL refuses it.
 *
 * <p>What a bitstream holds its decoder knows: {@link Bitstreams}.
 */
final class WebpAnimation {
  /** Knows the headers of coded pictures. */
  interface Bitstreams {
    /**
     * Whether a sound header begins at some place of the file.
     *
     * @param length of header and bitstream
     * @param width most columns that the picture may have
     * @param height most rows that it may have
     */
    boolean fits(int from, int length, int width, int height) throws BrokenPictureException;
  }

  /**
   * A frame.
   *
   * @param from where its alpha, if it has some, and its bitstream begin
   * @param length of both
   * @param left column of the canvas where it begins
   * @param top row of the canvas where it begins
   */
  record Frame(int from, int length, int left, int top) {}

  private static final int HEADER = 8;
  private static final int RIFF_HEADER = 12;
  private static final int EXTENDED_LENGTH = 10;
  private static final int LOOP_LENGTH = 6;
  private static final int FRAME_LENGTH = 16;
  private static final int ANIMATED = 0x02;

  /** Flags that have a meaning: animation, XMP, EXIF, alpha, colour profile. */
  private static final int FLAGS = 0x3E;

  private static final int EXTENDED = tag("VP8X");
  private static final int LOOP = tag("ANIM");
  private static final int FRAME = tag("ANMF");
  private static final int ALPHA = tag("ALPH");
  private static final int LOSSY = tag("VP8 ");
  private static final int LOSSLESS = tag("VP8L");

  private final byte[] bytes;
  private final int end;
  private final int width;
  private final int height;
  private int at;
  private Frame first;

  private WebpAnimation(byte[] bytes, int end) {
    this.bytes = bytes;
    this.end = end;
    width = 1 + three(RIFF_HEADER + HEADER + 4);
    height = 1 + three(RIFF_HEADER + HEADER + 7);
  }

  /** Whether a WebP file says that it is animated. */
  static boolean is(byte[] bytes, int length) {
    return length >= RIFF_HEADER + HEADER + EXTENDED_LENGTH
        && number(bytes, RIFF_HEADER) == EXTENDED
        && (bytes[RIFF_HEADER + HEADER] & ANIMATED) != 0;
  }

  /**
   * Reads the structure of a file that {@link #is} animated.
   *
   * @throws BrokenPictureException when it is cut or damaged
   */
  static WebpAnimation of(byte[] bytes, int length, Bitstreams streams)
      throws BrokenPictureException {
    long whole = HEADER + (number(bytes, 4) & 0xFFFFFFFFL);
    if (whole > length) {
      throw new BrokenPictureException("the WebP animation is truncated");
    }
    WebpAnimation animation = new WebpAnimation(bytes, (int) whole);
    animation.readAll(streams);
    return animation;
  }

  /** Width of the canvas. */
  int width() {
    return width;
  }

  /** Height of the canvas. */
  int height() {
    return height;
  }

  /** The first frame, which lies within the canvas. */
  Frame first() {
    return first;
  }

  private void readAll(Bitstreams streams) throws BrokenPictureException {
    require((bytes[RIFF_HEADER + HEADER] & ~FLAGS & 0xFF) == 0);
    at = RIFF_HEADER;
    int extended = payload();
    require(extended >= EXTENDED_LENGTH);
    at += HEADER + extended;
    boolean looped = false;
    while (at != end) {
      int tag = tagHere();
      int length = payload();
      require(tag != EXTENDED && tag != ALPHA && tag != LOSSY && tag != LOSSLESS);
      if (tag == FRAME) {
        require(looped && length >= FRAME_LENGTH);
        readFrame(length - FRAME_LENGTH, streams);
      } else {
        require(tag != LOOP || length >= LOOP_LENGTH);
        looped |= tag == LOOP;
        at += HEADER + length;
      }
    }
    require(first != null);
  }

  /**
   * Reads a frame's alpha and bitstream. What else is in its chunk is read as chunks of the file.
   */
  private void readFrame(int room, Bitstreams streams) throws BrokenPictureException {
    int left = 2 * three(at + HEADER);
    int top = 2 * three(at + HEADER + 3);
    at += HEADER + FRAME_LENGTH;
    int from = at;
    int tag = tagHere();
    boolean alpha = tag == ALPHA;
    if (alpha) {
      at += HEADER + payload();
      tag = tagHere();
    }
    if (!alpha && tag != LOSSY && tag != LOSSLESS) {
      // A frame without a picture is none.
      return;
    }
    require(tag == LOSSY || (tag == LOSSLESS && !alpha));
    int stream = HEADER + payload();
    require(streams.fits(at, stream, width - left, height - top));
    at += stream;
    require(at - from <= room);
    if (first == null) {
      first = new Frame(from, at - from, left, top);
    }
  }

  private int tagHere() throws BrokenPictureException {
    require(end - at >= HEADER);
    return number(bytes, at);
  }

  /** Length of the chunk here, with the byte that makes it even. */
  private int payload() throws BrokenPictureException {
    require(end - at >= HEADER);
    long length = number(bytes, at + 4) & 0xFFFFFFFFL;
    long padded = length + (length & 1);
    require(padded <= end - at - HEADER);
    return (int) padded;
  }

  private static void require(boolean sound) throws BrokenPictureException {
    if (!sound) {
      throw new BrokenPictureException("the WebP animation is damaged");
    }
  }

  private int three(int offset) {
    return number(bytes, offset - 1) >>> 8;
  }

  private static int number(byte[] bytes, int offset) {
    return (bytes[offset] & 0xFF)
        | (bytes[offset + 1] & 0xFF) << 8
        | (bytes[offset + 2] & 0xFF) << 16
        | (bytes[offset + 3] & 0xFF) << 24;
  }

  private static int tag(String name) {
    return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
  }
}
