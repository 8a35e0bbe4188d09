package io.urrl.augment.kernel;

/** {@link WarpKernel} in vectors. */
final class VectorWarp implements WarpKernel {
  private final RowShift rows = new RowShift();
  private final ColumnShift columns = new ColumnShift();
  private final Rotation rotation = new Rotation();

  @Override
  public void shiftRows(byte[] in, int width, int height, double b, double c, byte[] out) {
    rows.apply(in, width, height, b, c, out);
  }

  @Override
  public void shiftColumns(byte[] in, int width, int height, double d, double f, byte[] out) {
    columns.apply(in, width, height, d, f, out);
  }

  @Override
  public void affine(byte[] in, int width, int height, Affine matrix, byte[] out) {
    rotation.apply(in, width, height, matrix, out);
  }
}
