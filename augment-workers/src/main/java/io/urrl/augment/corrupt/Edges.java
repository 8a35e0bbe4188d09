package io.urrl.augment.corrupt;

/** What lies outside a row of {@code length} values, as the index of one inside. */
enum Edges {
  /** The outermost value goes on: a a | a b c | c c. */
  REPLICATE {
    @Override
    int inside(int index, int length) {
      return Math.clamp(index, 0, length - 1);
    }
  },
  /** Mirrored between values (SciPy's reflect): b a | a b c | c b. */
  REFLECT {
    @Override
    int inside(int index, int length) {
      int place = Math.floorMod(index, 2 * length);
      return place < length ? place : 2 * length - 1 - place;
    }
  },
  /** Mirrored at the outermost value (OpenCV's reflect-101): c b | a b c | b a. */
  REFLECT_101 {
    @Override
    int inside(int index, int length) {
      if (length == 1) {
        return 0;
      }
      int place = Math.floorMod(index, 2 * length - 2);
      return place < length ? place : 2 * length - 2 - place;
    }
  };

  /** The index inside that stands for any index. */
  abstract int inside(int index, int length);

  /**
   * Lays a margin around rows.
   *
   * @param in {@code height} rows of {@code width} places of {@code bands} values
   * @param into {@code height + 2 * rows} rows of {@code width + 2 * columns} places
   */
  void pad(double[] in, int height, int width, int bands, int rows, int columns, double[] into) {
    int stride = (width + 2 * columns) * bands;
    for (int y = 0; y < height; y++) {
      int to = (y + rows) * stride;
      System.arraycopy(in, y * width * bands, into, to + columns * bands, width * bands);
      for (int x = 0; x < columns; x++) {
        int left = to + (columns + inside(x - columns, width)) * bands;
        int right = to + (columns + inside(width + x, width)) * bands;
        for (int band = 0; band < bands; band++) {
          into[to + x * bands + band] = into[left + band];
          into[to + (columns + width + x) * bands + band] = into[right + band];
        }
      }
    }
    for (int y = 0; y < rows; y++) {
      int above = (rows + inside(y - rows, height)) * stride;
      int below = (rows + inside(height + y, height)) * stride;
      System.arraycopy(into, above, into, y * stride, stride);
      System.arraycopy(into, below, into, (rows + height + y) * stride, stride);
    }
  }
}
