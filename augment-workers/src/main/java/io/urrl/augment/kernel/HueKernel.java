package io.urrl.augment.kernel;

/**
 * torchvision's adjust_hue on PIL pictures: interleaved pixels go through PIL's 8-bit HSV and back.
 * {@code in} may be {@code out}; both have {@link io.urrl.augment.image.Picture#SLACK} bytes behind
 * {@code length}.
 */
public interface HueKernel {

  /**
   * Turns the hue.
   *
   * @param shift in 1/256 of a turn, 0..255; 0 still rounds to 8-bit HSV
   */
  void shift(byte[] in, byte[] out, int length, int shift);

  /** The implementation of a set. */
  static HueKernel of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarHue();
      case VECTOR -> new VectorHue();
    };
  }
}
