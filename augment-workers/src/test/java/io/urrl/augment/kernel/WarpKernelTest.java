package io.urrl.augment.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The vector warp gives the bytes of its definition, which the scalar twin is. */
class WarpKernelTest {
  private final WarpKernel scalar = WarpKernel.of(KernelSet.SCALAR);
  private final WarpKernel vector = WarpKernel.of(KernelSet.VECTOR);

  /** Levels whose multiples come next to whole and half pixels, and any others. */
  @Provide
  Arbitrary<Double> levels() {
    return Arbitraries.oneOf(
        Arbitraries.doubles().between(-0.3, 0.3).ofScale(12),
        Arbitraries.of(0.0, 0.1, 0.2, 0.3, -0.1, -0.3, 1 / 3.0, -2 / 3.0, 0.5, -0.5, 1.0, 0.125),
        Arbitraries.integers().between(1, 60).map(k -> Math.scalb(1.0, -k)),
        Arbitraries.integers().between(1, 53).map(k -> 1 - Math.scalb(1.0, -k)),
        Arbitraries.integers().between(1, 53).map(k -> Math.scalb(1.0, -k) - 1));
  }

  @Property(tries = 400)
  void shiftsOfRows(
      @ForAll long seed,
      @ForAll("levels") double slope,
      @ForAll("levels") double distance,
      @ForAll @IntRange(min = 1, max = 90) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 0, max = 2) int which) {
    double b = which == 0 ? 0 : slope;
    double c = which == 1 ? 0 : distance * 20;
    byte[] in = RandomPictures.bytes(new Random(seed), width, height);
    byte[] expected = RandomPictures.target(width, height);
    byte[] found = RandomPictures.target(width, height);
    scalar.shiftRows(in, width, height, b, c, expected);
    vector.shiftRows(in, width, height, b, c, found);
    assertArrayEquals(RandomPictures.meant(expected), RandomPictures.meant(found));
  }

  @Property(tries = 400)
  void shiftsOfColumns(
      @ForAll long seed,
      @ForAll("levels") double slope,
      @ForAll("levels") double distance,
      @ForAll @IntRange(min = 1, max = 90) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 0, max = 2) int which) {
    double d = which == 0 ? 0 : slope;
    double f = which == 1 ? 0 : distance * 20;
    byte[] in = RandomPictures.bytes(new Random(seed), width, height);
    byte[] expected = RandomPictures.target(width, height);
    byte[] found = RandomPictures.target(width, height);
    scalar.shiftColumns(in, width, height, d, f, expected);
    vector.shiftColumns(in, width, height, d, f, found);
    assertArrayEquals(RandomPictures.meant(expected), RandomPictures.meant(found));
  }

  @Property(tries = 300)
  void rotations(
      @ForAll long seed,
      @ForAll @DoubleRange(min = -360, max = 360) double degrees,
      @ForAll boolean whole,
      @ForAll @IntRange(min = 1, max = 90) int width,
      @ForAll @IntRange(min = 1, max = 60) int height) {
    double radians = Math.toRadians(whole ? Math.rint(degrees / 5) : degrees);
    double a = Math.cos(radians);
    double b = Math.sin(radians);
    double c = width / 2.0 - a * width / 2.0 - b * height / 2.0;
    double f = height / 2.0 + b * width / 2.0 - a * height / 2.0;
    affine(new Random(seed), width, height, a, b, c, -b, a, f);
  }

  @Property(tries = 300)
  void anyMatrix(
      @ForAll long seed,
      @ForAll("levels") double a,
      @ForAll("levels") double b,
      @ForAll("levels") double d,
      @ForAll("levels") double e,
      @ForAll @IntRange(min = -6, max = 6) int thirds,
      @ForAll @IntRange(min = 1, max = 90) int width,
      @ForAll @IntRange(min = 1, max = 40) int height) {
    double shift = thirds / 3.0;
    affine(new Random(seed), width, height, 1 + a, b, shift, d, 1 + e, -shift);
    affine(new Random(seed), width, height, a, b, width / 2.0, d, e, height / 3.0);
  }

  @Test
  void largePictures() {
    affine(new Random(1), 600, 800, 0.9998, 0.0175, -3.4, -0.0175, 0.9998, 4.1);
    affine(new Random(2), 801, 599, 0.9, -0.4358898943540674, 190, 0.4358898943540674, 0.9, -90);
    affine(new Random(3), 5000, 7, 1, 0.001, 0.3, 0.0005, 1, 0.2);
  }

  /** At column 5 (row 5) the source lies just before the middle of the only row (column). */
  @Test
  void aSingleRowOrColumn() {
    affine(new Random(4), 30, 1, 1, 0, 0.25, 0.1, 1, -0.5504);
    affine(new Random(5), 1, 30, 1, 0.1, -0.5504, 0, 1, 0.25);
  }

  private void affine(
      Random random,
      int width,
      int height,
      double a,
      double b,
      double c,
      double d,
      double e,
      double f) {
    byte[] in = RandomPictures.bytes(random, width, height);
    byte[] expected = RandomPictures.target(width, height);
    byte[] found = RandomPictures.target(width, height);
    Affine matrix = new Affine().set(a, b, c, d, e, f);
    scalar.affine(in, width, height, matrix, expected);
    vector.affine(in, width, height, matrix, found);
    assertArrayEquals(RandomPictures.meant(expected), RandomPictures.meant(found));
  }

  /** What {@link Fraction} promises, for every difference of two bytes. */
  @Property(tries = 500)
  void aSafeFractionCutsOffAsDoubleDoes(@ForAll @DoubleRange(min = 0, max = 1) double share) {
    int fraction = Fraction.of(share);
    if (!Fraction.isSafe(fraction)) {
      return;
    }
    for (int left = 0; left < 256; left++) {
      for (int right = 0; right < 256; right++) {
        int fixed = left * (Fraction.ONE - fraction) + right * fraction;
        assertEquals((int) (left + (right - left) * share), fixed >>> Fraction.BITS);
      }
    }
  }
}
