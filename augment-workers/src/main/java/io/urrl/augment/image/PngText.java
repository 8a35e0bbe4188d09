package io.urrl.augment.image;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Chunks of a PNG that say nothing about its pixels, but refuse the file where they are too short
 * or expand beyond all measure, as they do in PIL 9.4.
 */
final class PngText {
  private static final int GAMMA = 0x67414D41;
  private static final int CHROMATICITY = 0x6348524D;
  private static final int SRGB = 0x73524742;
  private static final int RESOLUTION = 0x70485973;
  private static final int PROFILE = 0x69434350;
  private static final int TEXT = 0x74455874;
  private static final int COMPRESSED_TEXT = 0x7A545874;
  private static final int INTERNATIONAL_TEXT = 0x69545874;

  /** Most bytes that one chunk may expand to, and all of them. */
  private static final int MOST_OF_CHUNK = 1 << 20;

  private static final long MOST_OF_FILE = 64L << 20;

  /** Deflate makes at most this many bytes of one. */
  private static final int MOST_INFLATION = 1032;

  private long expanded;

  /** Forgets the last file. */
  void clear() {
    expanded = 0;
  }

  /**
   * Checks a chunk; one of an unknown type is always right.
   *
   * @throws BrokenPictureException when PIL refuses a file with it
   */
  void check(int type, byte[] bytes, int at, int size) throws BrokenPictureException {
    int end = at + size;
    boolean right =
        switch (type) {
          case GAMMA -> size >= 4;
          case CHROMATICITY -> size % 4 == 0;
          case SRGB -> size >= 1;
          case RESOLUTION -> size >= 9;
          case PROFILE -> {
            int name = end(bytes, at, end);
            yield name < end && expand(bytes, name + 2, end) >= 0;
          }
          case TEXT -> {
            int keyword = end(bytes, at, end);
            yield keyword == at || add(Math.max(0, end - keyword - 1));
          }
          case COMPRESSED_TEXT -> compressed(bytes, at, end);
          case INTERNATIONAL_TEXT -> international(bytes, at, end);
          default -> true;
        };
    if (!right) {
      throw new BrokenPictureException(
          "a chunk of the PNG beside its pixels is damaged, at byte " + at);
    }
  }

  /** Keyword, zero, method, compressed text. */
  private boolean compressed(byte[] bytes, int at, int end) {
    int method = end(bytes, at, end) + 1;
    if (method >= end) {
      return true;
    }
    int length = bytes[method] == 0 ? expand(bytes, method + 1, end) : -1;
    return length >= 0 && (method - 1 == at || add(length));
  }

  /** Keyword, zero, flag, method, language, zero, translated keyword, zero, text. */
  private boolean international(byte[] bytes, int at, int end) {
    int flag = end(bytes, at, end) + 1;
    if (flag + 2 > end) {
      return true;
    }
    int language = end(bytes, flag + 2, end);
    int translated = end(bytes, Math.min(end, language + 1), end);
    if (language >= end || translated >= end) {
      return true;
    }
    int from = translated + 1;
    if (bytes[flag] == 0) {
      return add(end - from);
    }
    int length = bytes[flag + 1] == 0 ? expand(bytes, from, end) : 0;
    return length >= 0 && add(length);
  }

  private boolean add(int length) {
    expanded += length;
    return expanded <= MOST_OF_FILE;
  }

  /** Place of the next zero, or the end. */
  private static int end(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && bytes[at] != 0) {
      at++;
    }
    return at;
  }

  /** Bytes that a compressed part expands to: 0 when it is damaged, −1 when it is too large. */
  private static int expand(byte[] bytes, int from, int end) {
    int size = Math.max(0, end - from);
    if ((long) size * MOST_INFLATION <= MOST_OF_CHUNK) {
      // Too small to be refused, whatever it expands to.
      return size * MOST_INFLATION;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes, from, size);
      byte[] room = new byte[MOST_OF_CHUNK];
      int length = inflater.inflate(room);
      boolean tooLarge =
          length == MOST_OF_CHUNK && !inflater.finished() && inflater.getRemaining() > 0;
      return tooLarge ? -1 : length;
    } catch (DataFormatException e) {
      return 0;
    } finally {
      inflater.end();
    }
  }
}
