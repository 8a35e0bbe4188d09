package io.urrl.augment.kernel;

/**
 * PIL's ImageEnhance.Sharpness: a blend of the SMOOTH filter (3×3, centre 5, others 1, over 13,
 * rounded; factor 0) and the picture (factor 1). The border stays as it is.
 */
public interface SharpnessKernel {

  /**
   * Blends each pixel with its smooth surroundings.
   *
   * @param in interleaved pixels with {@link io.urrl.augment.image.Picture#SLACK} bytes behind
   * @param out another array of that kind
   */
  void sharpen(byte[] in, byte[] out, int width, int height, float factor);

  /** The implementation of a set. */
  static SharpnessKernel of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarSharpness();
      case VECTOR -> new VectorSharpness();
    };
  }
}
