package io.urrl.augment.kernel;

/** PIL's sum in float32, term by term. */
final class ScalarSharpness implements SharpnessKernel {
  private static final float SIDE = 1f / 13f;
  private static final float CENTRE = 5f / 13f;

  @Override
  public void sharpen(byte[] in, byte[] out, int width, int height, float factor) {
    System.arraycopy(in, 0, out, 0, 3 * width * height);
    int row = 3 * width;
    for (int y = 1; y < height - 1; y++) {
      int end = (y + 1) * row - 3;
      for (int i = y * row + 3; i < end; i++) {
        float sum = 0.5f;
        sum += at(in, i + row - 3) * SIDE + at(in, i + row) * SIDE + at(in, i + row + 3) * SIDE;
        sum += at(in, i - 3) * SIDE + at(in, i) * CENTRE + at(in, i + 3) * SIDE;
        sum += at(in, i - row - 3) * SIDE + at(in, i - row) * SIDE + at(in, i - row + 3) * SIDE;
        int smooth = Math.clamp((int) sum, 0, 0xFF);
        out[i] = (byte) ScalarTone.blend(smooth, at(in, i), factor);
      }
    }
  }

  private static int at(byte[] in, int i) {
    return in[i] & 0xFF;
  }
}
