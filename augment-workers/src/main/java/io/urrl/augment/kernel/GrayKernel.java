package io.urrl.augment.kernel;

/**
 * Operations with PIL's gray (ITU-R 601 luma, rounded) on interleaved pixels. {@code in} may be
 * {@code out}; both have {@link io.urrl.augment.image.Picture#SLACK} bytes behind {@code length}.
 */
public interface GrayKernel {

  /** Sum of the grays of all pixels. */
  long sum(byte[] in, int length);

  /** Makes every pixel its gray. */
  void grayscale(byte[] in, byte[] out, int length);

  /** PIL's {@code Image.blend} of every pixel's gray (factor 0) and the pixel (factor 1). */
  void colour(byte[] in, byte[] out, int length, float factor);

  /** The implementation of a set. */
  static GrayKernel of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarGray();
      case VECTOR -> new VectorGray();
    };
  }
}
