package io.urrl.augment.kernel;

/**
 * The two passes of a separable resize on interleaved bytes r, g, b. A result is the sum of inputs
 * times weights, rounded half up to a whole number and clamped to 0..255.
 *
 * <p>Both passes may read up to 4 bytes behind the last pixel that they need, and write up to
 * {@link #SLACK} bytes behind the last one that they make.
 */
public interface ResampleKernel {
  /** Bytes that inputs and outputs need behind their last pixel. */
  int SLACK = 64;

  /** The kernel of a set. */
  static ResampleKernel of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarResample();
      case VECTOR -> new VectorResample();
    };
  }

  /**
   * Resizes each of some rows.
   *
   * @param in bytes to read
   * @param from offset of the first row's column 0
   * @param stride bytes from one input row to the next
   * @param rows number of rows
   * @param taps windows over columns
   * @param out takes {@code rows} rows of {@code 3 * taps.places()} bytes without gaps from offset
   *     0
   */
  void horizontal(byte[] in, int from, int stride, int rows, Taps taps, byte[] out);

  /**
   * Resizes each of some columns.
   *
   * @param in bytes to read
   * @param from offset of row 0
   * @param stride bytes from one input row to the next
   * @param length bytes of a row that are to be made
   * @param taps windows over rows
   * @param out takes {@code taps.places()} rows of {@code length} bytes without gaps from offset 0
   */
  void vertical(byte[] in, int from, int stride, int length, Taps taps, byte[] out);
}
