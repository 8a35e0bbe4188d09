package io.urrl.augment.image;

/**
 * How a PNG's rows follow each other: one pass over the picture, or seven with holes between (Adam
 * 7). Before the first row there is room for an empty one, which the filters of the first row of
 * each pass refer to. Used again for the next file; for one thread.
 */
final class PngLayout {
  private static final int PASSES = 7;
  private static final int[] FIRST_COLUMN = {0, 4, 0, 2, 0, 1, 0};
  private static final int[] FIRST_ROW = {0, 0, 4, 0, 2, 0, 1};
  private static final int[] COLUMN_STEP = {8, 8, 4, 4, 2, 2, 1};
  private static final int[] ROW_STEP = {8, 8, 8, 4, 4, 2, 2};

  private final int[] lengths = new int[PASSES];
  private final int[] firsts = new int[PASSES + 1];
  private boolean interlaced;
  private int pixelBits;
  private int rows;
  private int begin;
  private int end;
  private int columns;

  /**
   * Takes a picture's layout.
   *
   * @param pixelBits bits of all channels of a pixel
   * @throws BrokenPictureException when it would not fit into an array
   */
  void set(int columns, int height, int pixelBits, boolean interlaced)
      throws BrokenPictureException {
    this.columns = columns;
    this.pixelBits = pixelBits;
    this.interlaced = interlaced;
    int passes = interlaced ? PASSES : 1;
    long bytes = 0;
    int count = 0;
    for (int pass = 0; pass < passes; pass++) {
      int width = width(pass);
      firsts[pass] = count;
      lengths[pass] = (int) Math.min(Integer.MAX_VALUE, 1 + bytes(width));
      if (width > 0) {
        int down = interlaced ? ROW_STEP[pass] : 1;
        int first = interlaced ? FIRST_ROW[pass] : 0;
        int passRows = Math.max(0, (height - first + down - 1) / down);
        count += passRows;
        bytes += (long) passRows * lengths[pass];
      }
    }
    firsts[passes] = count;
    long room = 1 + bytes(columns);
    if (room + bytes > Integer.MAX_VALUE - 8) {
      throw new BrokenPictureException("the rows of the PNG are too long");
    }
    rows = count;
    begin = (int) room;
    end = (int) (room + bytes);
  }

  private long bytes(int width) {
    return ((long) width * pixelBits + 7) / 8;
  }

  /** Bytes of a whole pixel, at least 1: how far back the filters look. */
  int pixelBytes() {
    return (pixelBits + 7) / 8;
  }

  /** Rows of all passes. */
  int rows() {
    return rows;
  }

  /** Where the first row begins. */
  int begin() {
    return begin;
  }

  /** Where the last row ends. */
  int end() {
    return end;
  }

  /** Bytes of a row, with its filter's number. */
  int rowLength(int row) {
    return lengths[pass(row)];
  }

  /** Pass that a row belongs to. */
  int pass(int row) {
    int pass = 0;
    while (interlaced && row >= firsts[pass + 1]) {
      pass++;
    }
    return pass;
  }

  /** Whether a row is the first of its pass. */
  boolean isFirst(int row) {
    return row == firsts[pass(row)];
  }

  /** Pixels of a row. */
  int width(int pass) {
    return interlaced
        ? (columns - FIRST_COLUMN[pass] + COLUMN_STEP[pass] - 1) / COLUMN_STEP[pass]
        : columns;
  }

  /** Row of the picture that a row belongs to. */
  int y(int row) {
    int pass = pass(row);
    return interlaced ? FIRST_ROW[pass] + (row - firsts[pass]) * ROW_STEP[pass] : row;
  }

  /** Column of a row's first pixel. */
  int x(int pass) {
    return interlaced ? FIRST_COLUMN[pass] : 0;
  }

  /** Columns from one pixel of a row to the next. */
  int step(int pass) {
    return interlaced ? COLUMN_STEP[pass] : 1;
  }
}
