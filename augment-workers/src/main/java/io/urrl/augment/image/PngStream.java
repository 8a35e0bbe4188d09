package io.urrl.augment.image;

import java.util.zip.CRC32;

/**
 * Walks the chunks of a PNG as PIL 9.4 does: up to the pixels every checksum must be right, that of
 * the pixels is not looked at, and behind the last pixel the file may end anywhere but within a
 * chunk's content. Used again for the next file; for one thread.
 */
final class PngStream {
  private static final int SIGNATURE = 8;
  private static final int CHECKSUM = 4;
  private static final int DATA = 0x49444154;
  private static final int OTHER_DATA = 0x44444154;
  private static final int FRAME_DATA = 0x66644154;
  private static final int END = 0x49454E44;

  /** Bytes of a data chunk that are handed out at a time. */
  private static final int PIECE = 1 << 16;

  private final PngHeader header;
  private final CRC32 checksum = new CRC32();
  private byte[] bytes;
  private int length;
  private int at;

  /** Content of the chunk whose header was read last. */
  private long size;

  /** Content of the data chunk that was not handed out yet. */
  private long left;

  private int firstData;
  private long firstSize;
  private int pieceAt;

  /** Tells what chunks say to {@code header}. */
  PngStream(PngHeader header) {
    this.header = header;
  }

  /** Whether bytes begin as a PNG file does. */
  static boolean accepts(byte[] bytes, int length) {
    return length >= SIGNATURE && number(bytes, 0) == 0x89504E47 && number(bytes, 4) == 0x0D0A1A0A;
  }

  /**
   * Reads all chunks before the pixels.
   *
   * @throws BrokenPictureException when one is damaged or the pixels are missing
   */
  void open(byte[] bytes, int length) throws BrokenPictureException {
    this.bytes = bytes;
    this.length = length;
    header.clear();
    at = SIGNATURE;
    while (!atData(next())) {
      // Other chunks were taken in.
    }
    firstData = at;
    firstSize = left;
  }

  private boolean atData(int type) throws BrokenPictureException {
    if (type == DATA && header.isKnown()) {
      header.data();
      left = size;
      return true;
    }
    if (type == FRAME_DATA) {
      frameData();
      return true;
    }
    if (type == END) {
      throw new BrokenPictureException("the PNG has no pixels");
    }
    // Data before the header is any other chunk.
    int content = content();
    header.take(type, bytes, at, content);
    requireChecksum(content);
    at += content + CHECKSUM;
    return false;
  }

  private void frameData() throws BrokenPictureException {
    if (at + 4 > length) {
      throw truncated();
    }
    header.frameData(bytes, at, size);
    at += 4;
    left = size - 4;
  }

  private void requireChecksum(int content) throws BrokenPictureException {
    int end = at + content;
    if (end + CHECKSUM > length) {
      throw truncated();
    }
    checksum.reset();
    checksum.update(bytes, at - 4, 4 + content);
    if ((int) checksum.getValue() != number(bytes, end)) {
      throw new BrokenPictureException("damaged: a checksum in the PNG is wrong, at byte " + end);
    }
  }

  /** Begins with the pixels again. */
  void rewind() {
    at = firstData;
    left = firstSize;
  }

  /**
   * Goes on to the next piece of compressed pixels.
   *
   * @return its length, at least 1
   * @throws BrokenPictureException when there is none
   */
  int piece() throws BrokenPictureException {
    while (left == 0) {
      at = Math.min(length, at + CHECKSUM);
      int type = next();
      if (type == FRAME_DATA) {
        frameData();
      } else if (type == DATA || type == OTHER_DATA) {
        left = size;
      } else {
        throw new BrokenPictureException("truncated: the PNG's pixels end before its last row");
      }
    }
    int count = (int) Math.min(Math.min(left, PIECE), length - at);
    if (count == 0) {
      throw truncated();
    }
    pieceAt = at;
    at += count;
    left -= count;
    return count;
  }

  /** Where the piece begins. */
  int pieceAt() {
    return pieceAt;
  }

  /**
   * Reads all chunks behind the last pixel.
   *
   * @throws BrokenPictureException when PIL refuses the file because of one
   */
  void finish() throws BrokenPictureException {
    at = (int) Math.min(length, at + left);
    while (true) {
      at = Math.min(length, at + CHECKSUM);
      if (!isChunk()) {
        return;
      }
      int type = next();
      if (type == END || (type == PngHeader.FCTL && header.animated())) {
        return;
      }
      if (type == FRAME_DATA) {
        frameData();
        size -= 4;
      }
      int content = content();
      if (type != DATA && type != FRAME_DATA) {
        header.take(type, bytes, at, content);
      }
      at += content;
    }
  }

  /** Reads a chunk's length and type. */
  private int next() throws BrokenPictureException {
    if (!isChunk()) {
      throw at + 8 > length
          ? truncated()
          : new BrokenPictureException("the PNG is damaged: no chunk at byte " + at);
    }
    size = number(bytes, at) & 0xFFFFFFFFL;
    at += 8;
    return number(bytes, at - 4);
  }

  private boolean isChunk() {
    if (at + 8 > length) {
      return false;
    }
    for (int i = at + 4; i < at + 8; i++) {
      byte one = bytes[i];
      boolean letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
      if (!letter && !(one >= '0' && one <= '9') && one != '_') {
        return false;
      }
    }
    return true;
  }

  /** The length of a chunk's content, which must be all there. */
  private int content() throws BrokenPictureException {
    if (size > length - at) {
      throw truncated();
    }
    return (int) size;
  }

  private BrokenPictureException truncated() {
    return new BrokenPictureException("truncated: a chunk of the PNG reaches beyond its end");
  }

  /** Four bytes, the highest first. */
  static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | (bytes[at + 3] & 0xFF);
  }
}
