package io.urrl.augment.image;

/**
 * What a JPEG stream's markers say. Walks the stream once without decoding it, so that a truncated
 * file is found before a decoder fills the missing part with gray.
 *
 * @param adobe whether an Adobe marker is there
 * @param adobeTransform its colour transform: 0 none, 1 YCbCr, 2 YCCK
 */
record JpegStructure(int width, int height, int components, boolean adobe, int adobeTransform) {

  /** Reads the structure of {@code length} bytes. */
  static JpegStructure of(byte[] bytes, int length) throws BrokenPictureException {
    int width = 0;
    int height = 0;
    int components = 0;
    boolean adobe = false;
    int transform = 0;
    int at = 2;
    while (true) {
      if (at + 4 > length) {
        throw new BrokenPictureException("truncated: no end of image in " + length + " bytes");
      }
      if ((bytes[at] & 0xFF) != 0xFF) {
        throw new BrokenPictureException("no marker where one belongs, at byte " + at);
      }
      int marker = bytes[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++;
        continue;
      }
      int size = unsigned(bytes, at + 2);
      if (marker == 0xDA) {
        if (width == 0) {
          throw new BrokenPictureException("a scan stands before the frame header");
        }
        requireEnd(bytes, at + 2 + size, length);
        return new JpegStructure(width, height, components, adobe, transform);
      }
      if (at + 2 + size > length || size < 2) {
        throw new BrokenPictureException("truncated: no end of image in " + length + " bytes");
      }
      boolean frame =
          marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
      if (frame && size >= 8) {
        height = unsigned(bytes, at + 5);
        width = unsigned(bytes, at + 7);
        components = bytes[at + 9] & 0xFF;
      } else if (marker == 0xEE && size >= 14 && bytes[at + 4] == 'A' && bytes[at + 5] == 'd') {
        adobe = true;
        transform = bytes[at + 15] & 0xFF;
      }
      at += 2 + size;
    }
  }

  /** Scans and tables follow each other up to the end-of-image marker. */
  private static void requireEnd(byte[] bytes, int from, int length) throws BrokenPictureException {
    for (int at = from; at + 1 < length; at++) {
      if ((bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xFF) == 0xD9) {
        return;
      }
    }
    throw new BrokenPictureException("truncated: no end of image in " + length + " bytes");
  }

  private static int unsigned(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
  }
}
