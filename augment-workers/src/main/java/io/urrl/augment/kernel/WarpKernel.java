package io.urrl.augment.kernel;

/**
 * PIL's affine transform with bilinear interpolation on interleaved bytes r, g, b. Output pixel (x,
 * y) reads input (a (x + ½) + b (y + ½) + c, d (x + ½) + e (y + ½) + f), with pixel centres at
 * halves; all in double, in this order, and the result cut off. Black outside the input; between
 * the outermost pixel centres and the border the outermost pixels go on.
 *
 * <p>Reads and writes up to {@link #SLACK} bytes behind the last pixel; {@code out} is another
 * array than {@code in} and of the same size.
 */
public interface WarpKernel {
  /** Bytes that inputs and outputs need behind their last pixel. */
  int SLACK = 72;

  /** The kernel of a set. */
  static WarpKernel of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarWarp();
      case VECTOR -> new VectorWarp();
    };
  }

  /** Shifts each row by its own distance: a = e = 1, d = f = 0. */
  void shiftRows(byte[] in, int width, int height, double b, double c, byte[] out);

  /** Shifts each column by its own distance: a = e = 1, b = c = 0. */
  void shiftColumns(byte[] in, int width, int height, double d, double f, byte[] out);

  /** Any affine transform. */
  void affine(byte[] in, int width, int height, Affine matrix, byte[] out);
}
