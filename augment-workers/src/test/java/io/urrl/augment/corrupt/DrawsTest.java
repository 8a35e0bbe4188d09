package io.urrl.augment.corrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.random.Philox;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Normal and Poisson numbers as functions of uniform ones. */
final class DrawsTest {

  /** Quantiles to all digits, as printed in statistical tables. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0",
    "0.75, 0.6744897501960817",
    "0.975, 1.959963984540054",
    "0.001, -3.090232306167813",
    "1e-10, -6.361340902404056",
    "1e-20, -9.262340089798408"
  })
  void normalNumbersAreQuantiles(double probability, double quantile) {
    assertEquals(quantile, Draws.normal(probability), 4e-15 * Math.max(1, Math.abs(quantile)));
  }

  @Property(tries = 100)
  void manyNormalNumbersAreTheSameAsOneByOne(
      @ForAll long seed, @ForAll @IntRange(max = 300) int count) {
    double[] found = new double[count];
    Draws.normals(new Philox(seed), found, count);
    Philox single = new Philox(seed);
    for (double value : found) {
      assertEquals(Draws.normal(single.nextDouble() + 0x1.0p-54), value);
    }
  }

  /** The table inverts the sum of the law's terms, which are computed one by one here. */
  @Property(tries = 200)
  void poissonNumbersAreQuantiles(
      @ForAll @DoubleRange(min = 0, max = 500) @Scale(3) double mean,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) @Scale(9) double uniform) {
    int count = new PoissonTable(mean).count(uniform);
    assertTrue(cumulative(mean, count) > uniform - 1e-12);
    assertTrue(count == 0 || cumulative(mean, count - 1) <= uniform + 1e-12);
  }

  private static double cumulative(double mean, int count) {
    double sum = 0;
    double logFactorial = 0;
    for (int k = 0; k <= count; k++) {
      logFactorial += k > 0 ? Math.log(k) : 0;
      sum += mean == 0 ? (k == 0 ? 1 : 0) : Math.exp(k * Math.log(mean) - mean - logFactorial);
    }
    return sum;
  }
}
