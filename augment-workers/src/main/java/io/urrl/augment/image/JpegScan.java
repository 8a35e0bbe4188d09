package io.urrl.augment.image;

/**
 * The one scan of a sequential Huffman-coded JPEG whose end marker is missing: whether its bytes
 * suffice for all blocks. PIL takes such a file where libjpeg hands out the last row before it asks
 * for bytes behind the file's end, which depends on how far libjpeg reads ahead of the bits that it
 * needs. So the scan is read code by code, with libjpeg-turbo 2.1's bit buffer and PIL's pieces of
 * 64 KiB.
 */
final class JpegScan {
  private static final int PIECE = 1 << 16;

  /** Bytes for each block with which libjpeg takes its fast way. */
  private static final int FAST_BYTES = 512;

  private static final int COEFFICIENTS = 64;
  private static final int LOOKAHEAD = 8;
  private static final int LONGEST_CODE = 16;

  /** libjpeg fills its buffer of 64 bits up to this, or by six bytes on its fast way. */
  private static final int FULL = 57;

  private static final int FAST_FILL_BELOW = 17;
  private static final int FAST_FILL = 6;

  private static final int FIRST_FRAME = 0xC0;
  private static final int FIRST_RESTART = 0xD0;
  private static final int RESTARTS = 8;

  /** Says that bytes are missing. */
  private static final int MISSING = -1;

  private final byte[] bytes;
  private final int length;
  private final JpegTables tables;
  private int at;
  private int pieceEnd;
  private long buffer;
  private int left;
  private int marker;
  private boolean padded;
  private boolean fast;
  private int nextRestart;

  private JpegScan(byte[] bytes, int length, int data, JpegTables tables) {
    this.bytes = bytes;
    this.length = length;
    this.tables = tables;
    at = data;
    pieceEnd = Math.min(length, Math.ceilDiv(data, PIECE) * PIECE);
  }

  /**
   * Whether all blocks can be read.
   *
   * @param frame place of the frame's marker
   * @param scan place of the only scan's marker
   * @throws BrokenPictureException when tables are missing or damaged
   */
  static boolean isWhole(byte[] bytes, int length, int frame, int scan)
      throws BrokenPictureException {
    int data = scan + 2 + ((bytes[scan + 2] & 0xFF) << 8 | (bytes[scan + 3] & 0xFF));
    JpegScan blocks = new JpegScan(bytes, length, data, new JpegTables(bytes, frame, scan));
    return blocks.readsAll() && blocks.canFinish();
  }

  private boolean readsAll() {
    int interval = tables.restartInterval();
    int toGo = interval;
    for (long unit = 0; unit < tables.units(); unit++) {
      if (interval == 0 && marker != 0) {
        // Zeros follow it, as many as are asked for.
        return true;
      }
      if (interval > 0 && toGo == 0) {
        if (!restart()) {
          return false;
        }
        toGo = interval;
      }
      if (!padded && !readUnit()) {
        return false;
      }
      toGo--;
    }
    return true;
  }

  /** Reads a unit; where a piece ends within it, from its beginning with the next piece. */
  private boolean readUnit() {
    int startedAt = at;
    long startedBuffer = buffer;
    int startedLeft = left;
    while (true) {
      fast =
          tables.restartInterval() == 0
              && marker == 0
              && pieceEnd - at >= FAST_BYTES * tables.blocks();
      boolean read = readBlocks();
      if (read && !(fast && marker != 0)) {
        return true;
      }
      at = startedAt;
      buffer = startedBuffer;
      left = startedLeft;
      if (fast) {
        // The fast way cannot end at a marker.
        marker = 0;
        fast = false;
        if (readBlocks()) {
          return true;
        }
        at = startedAt;
        buffer = startedBuffer;
        left = startedLeft;
      }
      if (pieceEnd == length) {
        return false;
      }
      pieceEnd = Math.min(length, pieceEnd + PIECE);
    }
  }

  private boolean readBlocks() {
    for (int block = 0; block < tables.blocks(); block++) {
      if (!readBlock(tables.dc(block), tables.ac(block))) {
        return false;
      }
    }
    return true;
  }

  private boolean readBlock(JpegCodes dc, JpegCodes ac) {
    int difference = next(dc);
    if (difference == MISSING || !drop(difference)) {
      return false;
    }
    for (int k = 1; k < COEFFICIENTS; k++) {
      int value = next(ac);
      if (value == MISSING) {
        return false;
      }
      int zeros = value >> 4;
      int bits = value & 15;
      if (bits == 0 && zeros < 15) {
        return true;
      }
      k += zeros;
      if (!drop(bits)) {
        return false;
      }
    }
    return true;
  }

  /** Passes the bits that a coefficient has behind its code. */
  private boolean drop(int bits) {
    if (bits == 0) {
      return true;
    }
    if (fast) {
      fillFast();
    }
    if (!available(bits)) {
      return false;
    }
    left -= bits;
    return true;
  }

  /** The next value, or {@link #MISSING}. */
  private int next(JpegCodes codes) {
    if (fast) {
      fillFast();
    } else if (left < LOOKAHEAD && !fill(0)) {
      return MISSING;
    }
    int bits = 1;
    if (left >= LOOKAHEAD) {
      for (; bits <= LOOKAHEAD; bits++) {
        int code = (int) (buffer >>> (left - bits)) & ((1 << bits) - 1);
        if (codes.isCode(code, bits)) {
          left -= bits;
          return codes.value(code, bits);
        }
      }
    }
    // Longer ones are taken bit by bit, and the buffer is filled when it is empty.
    if (!available(bits)) {
      return MISSING;
    }
    int code = take(bits);
    while (bits <= LONGEST_CODE && !codes.isCode(code, bits)) {
      if (!available(1)) {
        return MISSING;
      }
      code = code << 1 | take(1);
      bits++;
    }
    return bits <= LONGEST_CODE ? codes.value(code, bits) : 0;
  }

  private boolean available(int bits) {
    return fast || left >= bits || fill(bits);
  }

  private int take(int bits) {
    left -= bits;
    return (int) (buffer >>> left) & ((1 << bits) - 1);
  }

  private void fillFast() {
    if (left >= FAST_FILL_BELOW) {
      return;
    }
    for (int i = 0; i < FAST_FILL; i++) {
      int one = bytes[at] & 0xFF;
      if (one == 0xFF && bytes[at + 1] != 0) {
        marker = bytes[at + 1] & 0xFF;
        one = 0;
      } else {
        at += one == 0xFF ? 2 : 1;
      }
      buffer = buffer << 8 | one;
      left += 8;
    }
  }

  /** Fills the buffer; behind a marker with zeros, where {@code bits} are not there. */
  private boolean fill(int bits) {
    while (marker == 0 && left < FULL) {
      int value = nextByte();
      if (value == 0xFF) {
        do {
          value = nextByte();
        } while (value == 0xFF);
        if (value > 0) {
          marker = value;
          break;
        }
        value = value == 0 ? 0xFF : MISSING;
      }
      if (value == MISSING) {
        return false;
      }
      buffer = buffer << 8 | value;
      left += 8;
    }
    if (bits > left) {
      padded = true;
      buffer <<= FULL - left;
      left = FULL;
    }
    return true;
  }

  private int nextByte() {
    return at < pieceEnd ? bytes[at++] & 0xFF : MISSING;
  }

  /** Goes on behind the restart marker that is due, or makes do with what is there instead. */
  private boolean restart() {
    left = 0;
    if (marker == 0 && !findMarker()) {
      return false;
    }
    while (true) {
      int ahead = (marker - FIRST_RESTART - nextRestart) & (RESTARTS - 1);
      boolean isRestart = marker >= FIRST_RESTART && marker < FIRST_RESTART + RESTARTS;
      boolean past = marker < FIRST_FRAME || (isRestart && ahead >= RESTARTS - 2);
      if (!past) {
        // The one that is due, or one too far away to tell, is passed; others are waited for.
        marker = isRestart && (ahead == 0 || ahead > 2) ? 0 : marker;
        break;
      }
      if (!findMarker()) {
        return false;
      }
    }
    nextRestart = (nextRestart + 1) & (RESTARTS - 1);
    padded &= marker != 0;
    return true;
  }

  /** Looks for what libjpeg would refuse while it looks for the end marker. */
  private boolean canFinish() {
    while (marker != 0 || findMarker()) {
      if (JpegStructure.isFatal(marker)
          || JpegStructure.isFrame(marker)
          || marker == JpegStructure.START_OF_SCAN) {
        return false;
      }
      if (!JpegStructure.isBare(marker) && at + 2 <= length) {
        at += Math.max(2, (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF));
      }
      marker = 0;
    }
    return true;
  }

  private boolean findMarker() {
    marker = 0;
    for (; at + 1 < length; at++) {
      int value = bytes[at + 1] & 0xFF;
      if (bytes[at] == (byte) 0xFF && value != 0 && value != 0xFF) {
        marker = value;
        at += 2;
        pieceEnd = Math.max(pieceEnd, Math.min(length, Math.ceilDiv(at, PIECE) * PIECE));
        return true;
      }
    }
    return false;
  }
}
