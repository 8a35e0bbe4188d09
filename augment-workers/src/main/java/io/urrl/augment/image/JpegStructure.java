package io.urrl.augment.image;

/**
 * What a JPEG stream's markers say. Walks the markers once without decoding, so that every decoder
 * gives the same verdict on a file: a truncated one is found before its missing part is filled with
 * gray, and a header that promises more than the file can hold before memory is taken for it.
 *
 * @param components 1, 3 or 4
 * @param adobeTransform colour transform of the Adobe marker: 0 none, 1 YCbCr, 2 YCCK; −1 without
 *     that marker
 */
record JpegStructure(int width, int height, int components, int adobeTransform) {
  /** libjpeg-turbo's own bound for streams of unknown origin: each scan costs a whole pass. */
  private static final int MOST_SCANS = 500;

  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int ADOBE = 0xEE;
  private static final int PROGRESSIVE = 0xC2;
  private static final int ARITHMETIC = 0xC9;
  private static final int PROGRESSIVE_ARITHMETIC = 0xCA;

  /**
   * Reads the structure of {@code length} bytes.
   *
   * @throws BrokenPictureException when they are no whole JPEG of a kind that PIL reads
   */
  static JpegStructure of(byte[] bytes, int length) throws BrokenPictureException {
    int frame = 0;
    int transform = -1;
    int at = 2;
    while (true) {
      at = nextMarker(bytes, at, length);
      int marker = bytes[at + 1] & 0xFF;
      if (isBare(marker)) {
        at += 2;
        continue;
      }
      int size = at + 4 <= length ? unsigned(bytes, at + 2) : 0;
      if (size < 2 || at + 2 + size > length) {
        throw truncated(length);
      }
      if (marker == START_OF_SCAN) {
        return whole(bytes, at, length, frame, transform);
      }
      if (isFrame(marker)) {
        requireKnown(bytes, at, size, marker);
        frame = at;
      } else if (marker == ADOBE && size >= 14 && bytes[at + 4] == 'A' && bytes[at + 5] == 'd') {
        transform = bytes[at + 15] & 0xFF;
      }
      at += 2 + size;
    }
  }

  /**
   * Place of the next 0xFF with a marker behind it; as PIL and libjpeg do, what is none is skipped.
   */
  private static int nextMarker(byte[] bytes, int from, int length) throws BrokenPictureException {
    for (int at = from; at + 1 < length; at++) {
      int marker = bytes[at + 1] & 0xFF;
      if (bytes[at] == (byte) 0xFF && marker != 0 && marker != 0xFF) {
        return at;
      }
    }
    throw truncated(length);
  }

  /** Markers without a segment: temporary, restart, start and end of image. */
  private static boolean isBare(int marker) {
    return marker == 0x01 || (marker >= 0xD0 && marker <= END_OF_IMAGE);
  }

  /**
   * Start of frame: C0 to CF without the tables (C4), the reserved C8 and the conditioning (CC).
   */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static void requireKnown(byte[] bytes, int at, int size, int marker)
      throws BrokenPictureException {
    boolean known =
        marker <= PROGRESSIVE || marker == ARITHMETIC || marker == PROGRESSIVE_ARITHMETIC;
    if (!known || size < 8 || bytes[at + 4] != 8) {
      throw new BrokenPictureException(
          "a JPEG of a kind that cannot be decoded (lossless, hierarchical or not 8 bits deep)");
    }
  }

  private static JpegStructure whole(byte[] bytes, int scan, int length, int frame, int transform)
      throws BrokenPictureException {
    if (frame == 0) {
      throw new BrokenPictureException("a scan stands before the frame header");
    }
    if (!hasEnd(bytes, scan, length)) {
      throw truncated(length);
    }
    int height = unsigned(bytes, frame + 5);
    int width = unsigned(bytes, frame + 7);
    int components = bytes[frame + 9] & 0xFF;
    if (components != 1 && components != 3 && components != 4) {
      throw new BrokenPictureException("a JPEG of " + components + " components");
    }
    int marker = bytes[frame + 1] & 0xFF;
    boolean arithmetic = marker >= ARITHMETIC;
    long blocks = (long) (width / 8) * (height / 8);
    // A Huffman code has at least one bit, and every block of the largest component has a code.
    if (!arithmetic && blocks > 8L * length) {
      throw new BrokenPictureException(
          "truncated: %d bytes cannot hold %d x %d pixels".formatted(length, width, height));
    }
    boolean onePass =
        marker < PROGRESSIVE && scan + 4 < length && bytes[scan + 4] == bytes[frame + 9];
    if (!onePass && scans(bytes, scan, length) > MOST_SCANS) {
      throw new BrokenPictureException("the JPEG has more than " + MOST_SCANS + " scans");
    }
    return new JpegStructure(width, height, components, transform);
  }

  /** Looks from behind, where the marker is in every whole file without a trailer. */
  private static boolean hasEnd(byte[] bytes, int scan, int length) {
    for (int at = length - 2; at > scan; at--) {
      if (bytes[at] == (byte) 0xFF && (bytes[at + 1] & 0xFF) == END_OF_IMAGE) {
        return true;
      }
    }
    return false;
  }

  private static int scans(byte[] bytes, int from, int length) {
    int count = 0;
    for (int at = from; at + 1 < length; at++) {
      if (bytes[at] == (byte) 0xFF && (bytes[at + 1] & 0xFF) == START_OF_SCAN) {
        count++;
      }
    }
    return count;
  }

  private static BrokenPictureException truncated(int length) {
    return new BrokenPictureException("truncated: no end of image in " + length + " bytes");
  }

  private static int unsigned(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
  }
}
