package io.urrl.augment.kernel;

import java.util.Arrays;

/** Plain loops. */
final class ScalarTone implements ToneKernel {

  /** PIL's blend of two values in 0..255. */
  static int blend(int from, int to, float factor) {
    float mixed = from + factor * (to - from);
    return Math.clamp((int) mixed, 0, 0xFF);
  }

  @Override
  public void mask(byte[] in, byte[] out, int length, int mask) {
    for (int i = 0; i < length; i++) {
      out[i] = (byte) (in[i] & mask);
    }
  }

  @Override
  public void solarize(byte[] in, byte[] out, int length, int threshold) {
    for (int i = 0; i < length; i++) {
      int value = in[i] & 0xFF;
      out[i] = (byte) (value < threshold ? value : 0xFF - value);
    }
  }

  @Override
  public void blend(byte[] in, byte[] out, int length, int constant, float factor) {
    for (int i = 0; i < length; i++) {
      out[i] = (byte) blend(constant, in[i] & 0xFF, factor);
    }
  }

  @Override
  public void stretch(byte[] in, byte[] out, int length, float[] scale, float[] offset) {
    for (int channel = 0; channel < 3; channel++) {
      float factor = scale[channel];
      float shift = offset[channel];
      for (int i = channel; i < length; i += 3) {
        out[i] = (byte) Math.clamp((int) ((in[i] & 0xFF) * factor + shift), 0, 0xFF);
      }
    }
  }

  @Override
  public void range(byte[] in, int length, int[] low, int[] high) {
    Arrays.fill(low, 0xFF);
    Arrays.fill(high, 0);
    range(in, 0, length, low, high);
  }

  /** Widens ranges by pixels {@code from} to {@code to}, in bytes. */
  static void range(byte[] in, int from, int to, int[] low, int[] high) {
    for (int channel = 0; channel < 3; channel++) {
      int least = low[channel];
      int most = high[channel];
      for (int i = from + channel; i < to; i += 3) {
        least = Math.min(least, in[i] & 0xFF);
        most = Math.max(most, in[i] & 0xFF);
      }
      low[channel] = least;
      high[channel] = most;
    }
  }
}
