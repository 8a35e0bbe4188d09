package io.urrl.augment.kernel;

/** AugMix's mixture of a picture and three chains of it, rounded half up to bytes. */
public interface MixKernel {

  /**
   * Sets every byte of {@code out} to {@code (1 − share) plain + share (((w₁ c₁) + w₂ c₂) + w₃
   * c₃)}, each operation rounded to float32, in this order. Arrays may be the same, and have {@link
   * io.urrl.augment.image.Picture#SLACK} bytes behind {@code length}.
   *
   * @param chains three arrays c
   * @param weights three weights w
   */
  void mix(byte[] plain, byte[][] chains, float[] weights, float share, byte[] out, int length);

  /** The implementation of a set. */
  static MixKernel of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarMix();
      case VECTOR -> new VectorMix();
    };
  }
}
