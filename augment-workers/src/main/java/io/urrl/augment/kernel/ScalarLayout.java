package io.urrl.augment.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link LayoutKernel} in plain loops. */
final class ScalarLayout implements LayoutKernel {

  @Override
  public void flip(byte[] in, int width, int height, byte[] out) {
    for (int y = 0; y < height; y++) {
      int to = 3 * y * width;
      int from = to + 3 * (width - 1);
      for (int x = 0; x < 3 * width; x += 3) {
        out[to + x] = in[from - x];
        out[to + x + 1] = in[from - x + 1];
        out[to + x + 2] = in[from - x + 2];
      }
    }
  }

  @Override
  public void planes(byte[] in, int pixels, MemorySegment out) {
    for (int i = 0; i < pixels; i++) {
      out.set(ValueLayout.JAVA_BYTE, i, in[3 * i]);
      out.set(ValueLayout.JAVA_BYTE, (long) pixels + i, in[3 * i + 1]);
      out.set(ValueLayout.JAVA_BYTE, 2L * pixels + i, in[3 * i + 2]);
    }
  }
}
