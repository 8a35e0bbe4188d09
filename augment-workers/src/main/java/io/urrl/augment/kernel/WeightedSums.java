package io.urrl.augment.kernel;

/**
 * Weighted sums of neighbours, for many places at once: what blurs are made of. Products are
 * rounded before they are added, and added in the order given.
 */
public interface WeightedSums {

  /** The kernel of a set. */
  static WeightedSums of(KernelSet set) {
    return switch (set) {
      case SCALAR -> new ScalarWeightedSums();
      case VECTOR -> new VectorWeightedSums();
    };
  }

  /**
   * Sums values at any distances: {@code out[to + x] = 0 + weights[0] * in[at + x + offsets[0]] +
   * weights[1] * in[at + x + offsets[1]] + ...}
   *
   * @param offsets one for each weight, or more
   * @param count places
   */
  void taps(double[] in, int at, int[] offsets, double[] weights, double[] out, int to, int count);

  /**
   * Sums values on both sides, the farthest first: {@code out[to + x] = weights[0] * in[at + x] +
   * (in[at + x - r * stride] + in[at + x + r * stride]) * weights[r] + ... + (in[at + x - stride] +
   * in[at + x + stride]) * weights[1]}, where r is the last index of {@code weights}.
   *
   * @param count places
   */
  void symmetric(
      double[] in, int at, int stride, double[] weights, double[] out, int to, int count);
}
