package io.urrl.augment.kernel;

/**
 * Point operations with a formula, on interleaved bytes. {@code in} may be {@code out}; both have
 * {@link io.urrl.augment.image.Picture#SLACK} bytes behind {@code length}.
 */
public interface ToneKernel {

  /** Keeps the bits of a mask, as PIL's posterize does. */
  void mask(byte[] in, byte[] out, int length, int mask);

  /**
   * Inverts values from a threshold on, as PIL's solarize does.
   *
   * @param threshold in 0..255
   */
  void solarize(byte[] in, byte[] out, int length, int threshold);

  /**
   * PIL's {@code Image.blend} of a constant (factor 0) and the value (factor 1): {@code constant +
   * factor (value − constant)} in float32, cut off towards zero and limited to 0..255.
   */
  void blend(byte[] in, byte[] out, int length, int constant, float factor);

  /**
   * {@code scale value + offset} in float32 for each channel, cut off towards zero and limited to
   * 0..255.
   *
   * @param scale of red, green and blue
   * @param offset of red, green and blue
   */
  void stretch(byte[] in, byte[] out, int length, float[] scale, float[] offset);

  /**
   * Lowest and highest value of each channel.
   *
   * @param low takes red's, green's and blue's; 255 for an empty picture
   * @param high likewise; 0 for an empty picture
   */
  void range(byte[] in, int length, int[] low, int[] high);

  /** The implementation of a set. */
  static ToneKernel of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarTone();
      case VECTOR -> new VectorTone();
    };
  }
}
