package io.urrl.augment.image;

import java.util.zip.CRC32;

/**
 * What a PNG stream's chunks say. Walks the chunks once without decoding them, so that a damaged or
 * truncated file is found before a decoder makes do with it.
 */
final class PngStructure {
  private static final int SIGNATURE = 8;

  /** Length, type and checksum of a chunk. */
  private static final int CHUNK_OVERHEAD = 12;

  private static final int HEADER_LENGTH = 13;
  private static final int HEADER = 0x49484452;
  private static final int DATA = 0x49444154;
  private static final int END = 0x49454E44;

  /** Deflate makes at most this many bytes of one. */
  private static final int MOST_INFLATION = 1032;

  /** Whether bytes begin as a PNG file does. */
  static boolean accepts(byte[] bytes, int length) {
    return length > SIGNATURE
        && (bytes[0] & 0xFF) == 0x89
        && bytes[1] == 'P'
        && bytes[2] == 'N'
        && bytes[3] == 'G'
        && bytes[4] == '\r'
        && bytes[5] == '\n';
  }

  /**
   * Requires a file that is whole up to the end of its pixels.
   *
   * @throws BrokenPictureException when it is not
   */
  static void requireWhole(byte[] bytes, int length) throws BrokenPictureException {
    long compressed = 0;
    boolean data = false;
    int at = SIGNATURE;
    while (at + CHUNK_OVERHEAD <= length) {
      int size = number(bytes, at);
      int type = number(bytes, at + 4);
      if (size < 0 || size > length - at - CHUNK_OVERHEAD) {
        break;
      }
      if (at == SIGNATURE && (type != HEADER || size != HEADER_LENGTH)) {
        throw new BrokenPictureException("the PNG does not begin with its header");
      }
      if (type == END || (data && type != DATA)) {
        requirePlausible(bytes, compressed);
        return;
      }
      requireChecksum(bytes, at, size);
      if (type == DATA) {
        data = true;
        compressed += size;
      }
      at += CHUNK_OVERHEAD + size;
    }
    if (!data || at != length) {
      throw new BrokenPictureException("truncated: a chunk of the PNG reaches beyond its end");
    }
    requirePlausible(bytes, compressed);
  }

  private static void requireChecksum(byte[] bytes, int at, int size)
      throws BrokenPictureException {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, at + 4, 4 + size);
    if ((int) checksum.getValue() != number(bytes, at + 8 + size)) {
      throw new BrokenPictureException(
          "damaged: a checksum in the PNG is wrong, at byte " + (at + 8 + size));
    }
  }

  private static void requirePlausible(byte[] bytes, long compressed)
      throws BrokenPictureException {
    int header = SIGNATURE + 8;
    long width = number(bytes, header) & 0xFFFFFFFFL;
    long height = number(bytes, header + 4) & 0xFFFFFFFFL;
    int bits = bytes[header + 8];
    int channels =
        switch (bytes[header + 9]) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    long row = (width * bits * channels + 7) / 8;
    if (height > 0 && row > compressed * MOST_INFLATION / height) {
      throw new BrokenPictureException(
          "truncated: %d bytes of pixels cannot hold %d x %d".formatted(compressed, width, height));
    }
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | (bytes[at + 3] & 0xFF);
  }

  private PngStructure() {}
}
