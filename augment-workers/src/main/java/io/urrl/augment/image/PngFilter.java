package io.urrl.augment.image;

/** The filters that a PNG's rows go through before they are compressed, taken back. */
final class PngFilter {
  private static final int NONE = 0;
  private static final int SUB = 1;
  private static final int UP = 2;
  private static final int AVERAGE = 3;
  private static final int PAETH = 4;

  /**
   * Takes a row's filter back in place.
   *
   * @param at place of the filter's number, before the row
   * @param above place of the number before the row above, which has as many bytes
   * @param length bytes of the row
   * @param back bytes of a pixel
   */
  static void undo(byte[] rows, int at, int above, int length, int back)
      throws BrokenPictureException {
    int from = at + 1;
    int end = from + length;
    int up = above - at;
    int first = Math.min(end, from + back);
    switch (rows[at]) {
      case NONE -> {
        // The row is what it was.
      }
      case SUB -> {
        for (int i = first; i < end; i++) {
          rows[i] += rows[i - back];
        }
      }
      case UP -> {
        for (int i = from; i < end; i++) {
          rows[i] += rows[i + up];
        }
      }
      case AVERAGE -> {
        for (int i = from; i < first; i++) {
          rows[i] += (byte) ((rows[i + up] & 0xFF) >> 1);
        }
        for (int i = first; i < end; i++) {
          rows[i] += (byte) (((rows[i - back] & 0xFF) + (rows[i + up] & 0xFF)) >> 1);
        }
      }
      case PAETH -> {
        for (int i = from; i < first; i++) {
          rows[i] += rows[i + up];
        }
        for (int i = first; i < end; i++) {
          rows[i] += nearest(rows[i - back], rows[i + up], rows[i + up - back]);
        }
      }
      default -> throw new BrokenPictureException("damaged: a row of the PNG has no known filter");
    }
  }

  /** Paeth's predictor: of left, above and above left the one nearest to their gradient. */
  private static byte nearest(byte left, byte above, byte corner) {
    int a = left & 0xFF;
    int b = above & 0xFF;
    int c = corner & 0xFF;
    int toLeft = Math.abs(b - c);
    int toAbove = Math.abs(a - c);
    int toCorner = Math.abs(a + b - 2 * c);
    if (toLeft <= toAbove && toLeft <= toCorner) {
      return left;
    }
    return toAbove <= toCorner ? above : corner;
  }

  private PngFilter() {}
}
