package io.urrl.augment.image;

/**
 * What a JPEG stream's markers say. Walks the markers once without decoding, so that every decoder
 * gives the same verdict on a file: a truncated one is found before its missing part is filled with
 * gray, and a header that promises far more than the file can hold before memory is taken for it.
 *
 * @param components 1, 3 or 4
 * @param adobeTransform colour transform of the Adobe marker: 0 none, 1 YCbCr, 2 YCCK; −1 without
 *     that marker
 */
record JpegStructure(int width, int height, int components, int adobeTransform) {
  /** libjpeg-turbo's own bound for streams of unknown origin: each scan costs a whole pass. */
  private static final int MOST_SCANS = 500;

  /**
   * Most pixels that a header may promise of a file that cannot hold them. As PIL does, what is
   * missing is filled with gray; the bound keeps a header of four damaged bytes from taking the
   * memory of the largest picture that there may be.
   */
  private static final int MOST_MISSING = 1 << 25;

  private static final int FIRST_MARKER = 0xC0;
  private static final int TEMPORARY = 0x01;
  private static final int START_OF_IMAGE = 0xD8;
  static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int JFIF = 0xE0;
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
    if (length < 3 || bytes[2] != (byte) 0xFF) {
      throw new BrokenPictureException("a JPEG without a marker behind its first one");
    }
    int frame = 0;
    int transform = -1;
    int at = 2;
    while (true) {
      at = nextMarker(bytes, at, length);
      int marker = bytes[at + 1] & 0xFF;
      if (isFatal(marker) || marker == TEMPORARY) {
        throw new BrokenPictureException("damaged: a JPEG marker of no kind at byte " + at);
      }
      if (isBare(marker)) {
        at += 2;
        continue;
      }
      int end = segmentEnd(bytes, at, length);
      if (marker == START_OF_SCAN) {
        return whole(bytes, at, length, frame, transform);
      }
      int content = end - at - 4;
      if (isFrame(marker)) {
        requireKnown(bytes, at, content, marker);
        frame = at;
      } else if (marker == ADOBE && starts(bytes, at + 4, end, "Adobe")) {
        requireContent(content >= 7);
        transform = content >= 12 ? bytes[at + 15] & 0xFF : transform;
      } else if (marker == JFIF && starts(bytes, at + 4, end, "JFIF")) {
        requireContent(content >= 7);
      }
      at = end;
    }
  }

  private static boolean starts(byte[] bytes, int at, int end, String with) {
    if (at + with.length() > end) {
      return false;
    }
    for (int i = 0; i < with.length(); i++) {
      if (bytes[at + i] != with.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static void requireContent(boolean enough) throws BrokenPictureException {
    if (!enough) {
      throw new BrokenPictureException("damaged: a JPEG segment is too short for what it says");
    }
  }

  /** Where the segment of a marker ends; as for PIL, a length below its own two bytes is two. */
  private static int segmentEnd(byte[] bytes, int at, int length) throws BrokenPictureException {
    int size = at + 4 <= length ? Math.max(2, unsigned(bytes, at + 2)) : length;
    if (at + 2 + size > length) {
      throw truncated(length);
    }
    return at + 2 + size;
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

  /** Markers that libjpeg refuses a file for, wherever they are. */
  static boolean isFatal(int marker) {
    return (marker < FIRST_MARKER && marker != TEMPORARY)
        || marker == 0xC8
        || marker == START_OF_IMAGE
        || marker == 0xDE
        || marker == 0xDF
        || (marker >= 0xF0 && marker <= 0xFD);
  }

  /** Markers without a segment: temporary, restart, start and end of image. */
  static boolean isBare(int marker) {
    return marker == TEMPORARY || (marker >= 0xD0 && marker <= END_OF_IMAGE);
  }

  /**
   * Start of frame: C0 to CF without the tables (C4), the reserved C8 and the conditioning (CC).
   */
  static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static void requireKnown(byte[] bytes, int at, int content, int marker)
      throws BrokenPictureException {
    boolean known =
        marker <= PROGRESSIVE || marker == ARITHMETIC || marker == PROGRESSIVE_ARITHMETIC;
    if (!known || content < 6 || bytes[at + 4] != 8) {
      throw new BrokenPictureException(
          "a JPEG of a kind that cannot be decoded (lossless, hierarchical or not 8 bits deep)");
    }
  }

  private static JpegStructure whole(byte[] bytes, int scan, int length, int frame, int transform)
      throws BrokenPictureException {
    if (frame == 0) {
      throw new BrokenPictureException("a scan stands before the frame header");
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
    // Of four components the codecs fill what is missing with different inks.
    boolean fillable = components < 4 && (long) width * height <= MOST_MISSING;
    if (!arithmetic && !fillable && blocks > 8L * length) {
      throw new BrokenPictureException(
          "truncated: %d bytes cannot hold %d x %d pixels".formatted(length, width, height));
    }
    boolean onePass =
        marker < PROGRESSIVE && scan + 4 < length && bytes[scan + 4] == bytes[frame + 9];
    boolean whole =
        onePass
            ? hasEnd(bytes, scan, length) || JpegScan.isWhole(bytes, length, frame, scan)
            : reachesEnd(bytes, scan, length);
    if (!whole) {
      throw truncated(length);
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

  /**
   * Whether the end follows upon the scans of a file of several: libjpeg reads them all before it
   * hands out the first row.
   */
  private static boolean reachesEnd(byte[] bytes, int firstScan, int length)
      throws BrokenPictureException {
    int scans = 0;
    int at = firstScan;
    while (true) {
      int marker = bytes[at + 1] & 0xFF;
      if (marker == END_OF_IMAGE) {
        return true;
      }
      if (marker == START_OF_SCAN && ++scans > MOST_SCANS) {
        throw new BrokenPictureException("the JPEG has more than " + MOST_SCANS + " scans");
      }
      at = marker < FIRST_MARKER || isBare(marker) ? at + 2 : segmentEnd(bytes, at, length);
      at = nextMarker(bytes, at, length);
    }
  }

  private static BrokenPictureException truncated(int length) {
    return new BrokenPictureException("truncated: no end of image in " + length + " bytes");
  }

  private static int unsigned(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
  }
}
