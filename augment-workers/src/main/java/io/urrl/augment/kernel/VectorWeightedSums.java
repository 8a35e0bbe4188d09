package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Four vectors of sums stay in registers while the neighbours pass by; what is left over goes
 * through the scalar loops.
 */
final class VectorWeightedSums implements WeightedSums {
  private static final VectorSpecies<Double> LANES = VectorWidth.WEIGHTED_SUMS.doubles();
  private static final int STEP = LANES.length();
  private static final int BLOCK = 4 * STEP;

  @Override
  public void taps(
      double[] in, int at, int[] offsets, double[] weights, double[] out, int to, int count) {
    int x = 0;
    for (; x + BLOCK <= count; x += BLOCK) {
      DoubleVector first = DoubleVector.zero(LANES);
      DoubleVector second = first;
      DoubleVector third = first;
      DoubleVector fourth = first;
      for (int tap = 0; tap < weights.length; tap++) {
        int from = at + x + offsets[tap];
        double weight = weights[tap];
        first = first.add(DoubleVector.fromArray(LANES, in, from).mul(weight));
        second = second.add(DoubleVector.fromArray(LANES, in, from + STEP).mul(weight));
        third = third.add(DoubleVector.fromArray(LANES, in, from + 2 * STEP).mul(weight));
        fourth = fourth.add(DoubleVector.fromArray(LANES, in, from + 3 * STEP).mul(weight));
      }
      first.intoArray(out, to + x);
      second.intoArray(out, to + x + STEP);
      third.intoArray(out, to + x + 2 * STEP);
      fourth.intoArray(out, to + x + 3 * STEP);
    }
    for (; x < count; x++) {
      out[to + x] = ScalarWeightedSums.taps(in, at + x, offsets, weights);
    }
  }

  @Override
  public void symmetric(
      double[] in, int at, int stride, double[] weights, double[] out, int to, int count) {
    int x = 0;
    for (; x + BLOCK <= count; x += BLOCK) {
      int centre = at + x;
      DoubleVector first = DoubleVector.fromArray(LANES, in, centre).mul(weights[0]);
      DoubleVector second = DoubleVector.fromArray(LANES, in, centre + STEP).mul(weights[0]);
      DoubleVector third = DoubleVector.fromArray(LANES, in, centre + 2 * STEP).mul(weights[0]);
      DoubleVector fourth = DoubleVector.fromArray(LANES, in, centre + 3 * STEP).mul(weights[0]);
      for (int i = weights.length - 1; i > 0; i--) {
        int before = centre - i * stride;
        int behind = centre + i * stride;
        double weight = weights[i];
        first = first.add(pair(in, before, behind).mul(weight));
        second = second.add(pair(in, before + STEP, behind + STEP).mul(weight));
        third = third.add(pair(in, before + 2 * STEP, behind + 2 * STEP).mul(weight));
        fourth = fourth.add(pair(in, before + 3 * STEP, behind + 3 * STEP).mul(weight));
      }
      first.intoArray(out, to + x);
      second.intoArray(out, to + x + STEP);
      third.intoArray(out, to + x + 2 * STEP);
      fourth.intoArray(out, to + x + 3 * STEP);
    }
    for (; x < count; x++) {
      out[to + x] = ScalarWeightedSums.symmetric(in, at + x, stride, weights);
    }
  }

  private static DoubleVector pair(double[] in, int before, int behind) {
    return DoubleVector.fromArray(LANES, in, before).add(DoubleVector.fromArray(LANES, in, behind));
  }
}
