package io.urrl.augment.kernel;

/** Plain loops. */
final class ScalarWeightedSums implements WeightedSums {

  @Override
  public void taps(
      double[] in, int at, int[] offsets, double[] weights, double[] out, int to, int count) {
    for (int x = 0; x < count; x++) {
      out[to + x] = taps(in, at + x, offsets, weights);
    }
  }

  static double taps(double[] in, int at, int[] offsets, double[] weights) {
    double sum = 0;
    for (int tap = 0; tap < weights.length; tap++) {
      sum += weights[tap] * in[at + offsets[tap]];
    }
    return sum;
  }

  @Override
  public void symmetric(
      double[] in, int at, int stride, double[] weights, double[] out, int to, int count) {
    for (int x = 0; x < count; x++) {
      out[to + x] = symmetric(in, at + x, stride, weights);
    }
  }

  static double symmetric(double[] in, int at, int stride, double[] weights) {
    double sum = weights[0] * in[at];
    for (int i = weights.length - 1; i > 0; i--) {
      sum += (in[at - i * stride] + in[at + i * stride]) * weights[i];
    }
    return sum;
  }
}
