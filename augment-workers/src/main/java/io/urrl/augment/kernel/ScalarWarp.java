package io.urrl.augment.kernel;

/** {@link WarpKernel} in plain loops. */
final class ScalarWarp implements WarpKernel {
  private final Affine shift = new Affine();

  @Override
  public void shiftRows(byte[] in, int width, int height, double b, double c, byte[] out) {
    affine(in, width, height, shift.set(1, b, c, 0, 1, 0), out);
  }

  @Override
  public void shiftColumns(byte[] in, int width, int height, double d, double f, byte[] out) {
    affine(in, width, height, shift.set(1, 0, 0, d, 1, f), out);
  }

  @Override
  public void affine(byte[] in, int width, int height, Affine matrix, byte[] out) {
    for (int y = 0; y < height; y++) {
      ExactWarp.row(in, width, height, matrix, out, y, 0, width);
    }
  }
}
