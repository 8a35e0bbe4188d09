package io.urrl.augment.kernel;

import java.lang.foreign.MemorySegment;

/** Moves the pixels of interleaved bytes r, g, b without changing them. */
public interface LayoutKernel {
  /** Bytes that inputs and outputs need behind their last pixel. */
  int SLACK = 32;

  /** The kernel of a set. */
  static LayoutKernel of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarLayout();
      case VECTOR -> new VectorLayout();
    };
  }

  /**
   * Mirrors left and right.
   *
   * @param out another array than {@code in}; takes {@code height} rows without gaps
   */
  void flip(byte[] in, int width, int height, byte[] out);

  /**
   * Interleaved to planes.
   *
   * @param pixels number of pixels
   * @param out takes uint8 [3, pixels] from offset 0
   */
  void planes(byte[] in, int pixels, MemorySegment out);
}
