package io.urrl.augment.corrupt;

/**
 * OpenCV's affine warp of float pictures: bilinear, at positions rounded to 1/32 pixel, mirrored
 * outside (reflect-101).
 */
final class FixedPointWarp {
  private static final int BANDS = 3;

  /** Bits behind the point of a coordinate's parts, and of their sum. */
  private static final int PART_BITS = 10;

  private static final int POSITION_BITS = 5;
  private static final int POSITIONS = 1 << POSITION_BITS;
  private static final int ROUND = 1 << (PART_BITS - POSITION_BITS - 1);

  private FixedPointWarp() {}

  /**
   * Warps a picture.
   *
   * @param map from places of the output to places of the input
   */
  static void apply(float[] in, int height, int width, AffineMap map, float[] out) {
    double one = 1 << PART_BITS;
    int to = 0;
    for (int y = 0; y < height; y++) {
      int startX = (int) Math.rint((map.b() * y + map.c()) * one) + ROUND;
      int startY = (int) Math.rint((map.e() * y + map.f()) * one) + ROUND;
      for (int x = 0; x < width; x++) {
        int placeX = (startX + (int) Math.rint(map.a() * x * one)) >> (PART_BITS - POSITION_BITS);
        int placeY = (startY + (int) Math.rint(map.d() * x * one)) >> (PART_BITS - POSITION_BITS);
        int column = placeX >> POSITION_BITS;
        int row = placeY >> POSITION_BITS;
        float farX = (placeX & POSITIONS - 1) / (float) POSITIONS;
        float farY = (placeY & POSITIONS - 1) / (float) POSITIONS;
        int left = BANDS * Edges.REFLECT_101.inside(column, width);
        int right = BANDS * Edges.REFLECT_101.inside(column + 1, width);
        int above = BANDS * width * Edges.REFLECT_101.inside(row, height);
        int below = BANDS * width * Edges.REFLECT_101.inside(row + 1, height);
        float aboveLeft = (1 - farY) * (1 - farX);
        float aboveRight = (1 - farY) * farX;
        float belowLeft = farY * (1 - farX);
        float belowRight = farY * farX;
        for (int band = 0; band < BANDS; band++) {
          out[to++] =
              in[above + left + band] * aboveLeft
                  + in[above + right + band] * aboveRight
                  + in[below + left + band] * belowLeft
                  + in[below + right + band] * belowRight;
        }
      }
    }
  }
}
