package io.urrl.augment.kernel;

/** Plain loops. */
final class ScalarGray implements GrayKernel {
  static final int BITS = 16;
  static final int HALF = 1 << (BITS - 1);
  static final int RED = 19_595;
  static final int GREEN = 38_470;
  static final int BLUE = 7_471;

  /** Luma in fixed point of 16 bits, rounded, as PIL's convert("L"). */
  static int gray(byte[] in, int at) {
    return ((in[at] & 0xFF) * RED + (in[at + 1] & 0xFF) * GREEN + (in[at + 2] & 0xFF) * BLUE + HALF)
        >> BITS;
  }

  @Override
  public long sum(byte[] in, int length) {
    return sum(in, 0, length);
  }

  /** Sum of the grays of the pixels in bytes {@code from} to {@code to}. */
  static long sum(byte[] in, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i += 3) {
      sum += gray(in, i);
    }
    return sum;
  }

  @Override
  public void grayscale(byte[] in, byte[] out, int length) {
    for (int i = 0; i < length; i += 3) {
      byte gray = (byte) gray(in, i);
      out[i] = gray;
      out[i + 1] = gray;
      out[i + 2] = gray;
    }
  }

  @Override
  public void colour(byte[] in, byte[] out, int length, float factor) {
    for (int i = 0; i < length; i += 3) {
      int gray = gray(in, i);
      out[i] = (byte) ScalarTone.blend(gray, in[i] & 0xFF, factor);
      out[i + 1] = (byte) ScalarTone.blend(gray, in[i + 1] & 0xFF, factor);
      out[i + 2] = (byte) ScalarTone.blend(gray, in[i + 2] & 0xFF, factor);
    }
  }
}
