package io.urrl.augment.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.urrl.actors.random.Philox;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The vector kernel gives the scalar kernel's bits. */
final class WeightedSumsTest {
  private final WeightedSums scalar = WeightedSums.of(KernelSet.SCALAR);
  private final WeightedSums vector = WeightedSums.of(KernelSet.VECTOR);

  @Property(tries = 100)
  void bothSetsAgree(
      @ForAll @IntRange(min = 1, max = 12) int taps,
      @ForAll @IntRange(min = 0, max = 100) int count,
      @ForAll @IntRange(min = 1, max = 7) int stride,
      @ForAll long seed) {
    Philox random = new Philox(seed);
    double[] in = uniforms(random, 2 * stride * taps + count);
    double[] weights = uniforms(random, taps);
    int[] offsets = new int[taps];
    for (int i = 0; i < taps; i++) {
      offsets[i] = random.nextInt(2 * stride * taps + 1) - stride * taps;
    }
    double[] expected = new double[count];
    double[] found = new double[count];
    scalar.taps(in, stride * taps, offsets, weights, expected, 0, count);
    vector.taps(in, stride * taps, offsets, weights, found, 0, count);
    assertArrayEquals(expected, found);
    scalar.symmetric(in, stride * taps, stride, weights, expected, 0, count);
    vector.symmetric(in, stride * taps, stride, weights, found, 0, count);
    assertArrayEquals(expected, found);
  }

  private static double[] uniforms(Philox random, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextDouble();
    }
    return values;
  }
}
