package io.urrl.augment.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeometryTest {

  /** Python's rounding to 15 digits is decimal arithmetic on the double's exact value. */
  @Property(tries = 5000)
  void roundsAsDecimalsDo(@ForAll @DoubleRange(min = -1, max = 1) double value) {
    assertRounded(value);
    for (int turns = 0; turns < 4; turns++) {
      assertRounded(StrictMath.cos(value * 100 + turns));
    }
  }

  /** Doubles on both sides of a tie, and ties themselves: odd multiples of 2^-16. */
  @Property(tries = 2000)
  void roundsTiesToEven(
      @ForAll @IntRange(min = -32768, max = 32767) int half,
      @ForAll @IntRange(min = 0, max = 999_999_999) int digits) {
    assertRounded((2 * half + 1) / 65536.0);
    double tie = (digits * 1e6 + 0.5) / 1e15;
    assertRounded(tie);
    assertRounded(Math.nextUp(tie));
    assertRounded(Math.nextDown(tie));
  }

  private static void assertRounded(double value) {
    BigDecimal decimal = new BigDecimal(value).setScale(15, RoundingMode.HALF_EVEN);
    assertEquals(decimal.doubleValue(), AffineWarp.rounded(value) + 0.0, Double.toString(value));
  }

  private static Picture noise(long seed, int width, int height) {
    Picture picture = new Picture();
    new Random(seed).nextBytes(picture.resize(width, height));
    return picture;
  }

  private static byte[] bytes(Picture picture) {
    return Arrays.copyOf(picture.data(), picture.length());
  }

  @Property(tries = 300)
  void flippingWhileResizingIsFlippingAfterwards(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int outH,
      @ForAll @IntRange(min = 1, max = 40) int outW,
      @ForAll boolean sameHeight,
      @ForAll boolean sameWidth,
      @ForAll KernelSet set) {
    Picture from = noise(seed, width + 5, height + 3);
    int toH = sameHeight ? height : outH;
    int toW = sameWidth ? width : outW;
    Operations operations = new Operations(set);
    Picture plain = new Picture();
    Picture flipped = new Picture();
    operations.resizedCrop(from, 2, 4, height, width, toH, toW, plain);
    operations.flip(plain);
    operations.resizedCrop(from, 2, 4, height, width, toH, toW, true, flipped);
    assertArrayEquals(bytes(plain), bytes(flipped));
  }

  @Property(tries = 300)
  void croppingWhileResizingIsCroppingAfterwards(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 50) int height,
      @ForAll @IntRange(min = 1, max = 50) int width,
      @ForAll @IntRange(min = 1, max = 40) int shorter,
      @ForAll @IntRange(min = 1, max = 50) int crop,
      @ForAll KernelSet set) {
    Picture from = noise(seed, width, height);
    int outW = width <= height ? shorter : shorter * width / height;
    int outH = width <= height ? shorter * height / width : shorter;
    Picture whole = new Picture();
    new Resample(set).cropAndResize(from, 0, 0, height, width, whole, outH, outW, false);
    Picture found = new Picture();
    new Operations(set).resizeCentreCrop(from, shorter, crop, found);
    int top = crop > outH ? -((crop - outH) / 2) : (int) Math.rint((outH - crop) / 2.0);
    int left = crop > outW ? -((crop - outW) / 2) : (int) Math.rint((outW - crop) / 2.0);
    byte[] expected = new byte[3 * crop * crop];
    for (int i = 0; i < expected.length; i++) {
      int x = i / 3 % crop + left;
      int y = i / 3 / crop + top;
      boolean inside = x >= 0 && x < outW && y >= 0 && y < outH;
      expected[i] = inside ? whole.data()[3 * (y * outW + x) + i % 3] : 0;
    }
    assertArrayEquals(expected, bytes(found));
  }

  /** Right angles move pixels only; so do four of them. */
  @ParameterizedTest
  @EnumSource(KernelSet.class)
  void fourQuarterTurnsAreNone(KernelSet set) {
    Operations operations = new Operations(set);
    Picture picture = noise(1, 7, 7);
    byte[] before = bytes(picture);
    operations.rotate(picture, 90);
    operations.rotate(picture, 270);
    operations.rotate(picture, -180);
    operations.rotate(picture, 540);
    operations.rotate(picture, -1e-20);
    assertArrayEquals(before, bytes(picture));
  }
}
