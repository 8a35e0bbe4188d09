package io.urrl.augment.kernel;

/**
 * Extended box filter on interleaved bytes r, g, b: 2 radius + 1 inputs count fully and their two
 * outer neighbours partly; outside the picture its first and last values go on. In fixed point of
 * 24 bits, unsigned, and rounded half up:
 *
 * <pre>out = (weight · (sum of the 2 radius + 1) + edge · (left + right) + 2^23) / 2^24</pre>
 *
 * <p>Reads and writes up to {@link #SLACK} bytes behind the last pixel.
 */
public interface BlurKernel {
  /** Bytes that inputs and outputs need behind their last pixel. */
  int SLACK = 64;

  /** The kernel of a set. */
  static BlurKernel of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarBlur();
      case VECTOR -> new VectorBlur();
    };
  }

  /**
   * Filters along rows, in place.
   *
   * @param passes how often
   */
  void rows(byte[] data, int width, int height, int passes, int radius, int weight, int edge);

  /**
   * Filters along columns, once.
   *
   * @param out another array than {@code in}
   */
  void columns(byte[] in, int width, int height, int radius, int weight, int edge, byte[] out);
}
