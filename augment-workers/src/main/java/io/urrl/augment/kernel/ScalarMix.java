package io.urrl.augment.kernel;

/** A plain loop. */
final class ScalarMix implements MixKernel {

  @Override
  public void mix(
      byte[] plain, byte[][] chains, float[] weights, float share, byte[] out, int length) {
    byte[] first = chains[0];
    byte[] second = chains[1];
    byte[] third = chains[2];
    float rest = 1 - share;
    for (int i = 0; i < length; i++) {
      float mixed =
          weights[0] * (first[i] & 0xFF)
              + weights[1] * (second[i] & 0xFF)
              + weights[2] * (third[i] & 0xFF);
      float value = rest * (plain[i] & 0xFF) + share * mixed;
      out[i] = (byte) Math.clamp((int) (value + 0.5f), 0, 0xFF);
    }
  }
}
