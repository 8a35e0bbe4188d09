package io.urrl.augment.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.urrl.augment.image.Picture;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Vector kernels against their scalar twins: the same bytes, and nothing outside their reach. */
class ColourKernelTwinsTest {

  @Provide
  Arbitrary<Picture> pixels() {
    Arbitrary<Integer> sides =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 20), Arbitraries.integers().between(1, 800));
    return Combinators.combine(
            sides, sides, Arbitraries.longs(), Arbitraries.of(1, 2, 16, 128, 256))
        .as(ColourKernelTwinsTest::random);
  }

  /** Values of few levels make grays, ties between channels and flat pictures frequent. */
  private static Picture random(int width, int height, long seed, int levels) {
    Random random = new Random(seed);
    Picture picture = new Picture();
    byte[] data = picture.resize(width, Math.min(height, 600));
    int base = random.nextInt(257 - levels);
    int step = random.nextInt(1, 256 / levels + 1);
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (base + step * random.nextInt(levels));
    }
    return picture;
  }

  private interface Kernel {
    void run(byte[] in, byte[] out);
  }

  private static void same(Picture pixels, Kernel scalar, Kernel vector) {
    byte[] expected = new byte[pixels.data().length];
    byte[] got = new byte[pixels.data().length];
    scalar.run(pixels.data(), expected);
    vector.run(pixels.data(), got);
    same(pixels, expected, got);
  }

  private static void sameInPlace(Picture pixels, Kernel scalar, Kernel vector) {
    same(pixels, scalar, vector);
    byte[] expected = pixels.data().clone();
    byte[] got = pixels.data().clone();
    scalar.run(expected, expected);
    vector.run(got, got);
    same(pixels, expected, got);
  }

  private static void same(Picture pixels, byte[] expected, byte[] got) {
    int at = Arrays.mismatch(expected, 0, pixels.length(), got, 0, pixels.length());
    assertEquals(-1, at, () -> "byte " + at + ": " + expected[at] + " and " + got[at]);
  }

  @Property(tries = 60)
  void tones(
      @ForAll("pixels") Picture pixels,
      @ForAll @IntRange(max = 255) int number,
      @ForAll @FloatRange(min = -0.5f, max = 3f) float factor) {
    ToneKernel scalar = ToneKernel.of(KernelSet.SCALAR);
    ToneKernel vector = ToneKernel.of(KernelSet.VECTOR);
    int length = pixels.length();
    sameInPlace(
        pixels,
        (in, out) -> scalar.mask(in, out, length, number),
        (in, out) -> vector.mask(in, out, length, number));
    sameInPlace(
        pixels,
        (in, out) -> scalar.solarize(in, out, length, number),
        (in, out) -> vector.solarize(in, out, length, number));
    sameInPlace(
        pixels,
        (in, out) -> scalar.blend(in, out, length, number, factor),
        (in, out) -> vector.blend(in, out, length, number, factor));
    float[] scale = {1 + factor, 1.25f, 4 * factor};
    float[] offset = {-number, -17.5f, number / 7f};
    sameInPlace(
        pixels,
        (in, out) -> scalar.stretch(in, out, length, scale, offset),
        (in, out) -> vector.stretch(in, out, length, scale, offset));
  }

  @Property(tries = 60)
  void ranges(@ForAll("pixels") Picture pixels) {
    int[][] expected = new int[2][3];
    int[][] got = new int[2][3];
    ToneKernel.of(KernelSet.SCALAR).range(pixels.data(), pixels.length(), expected[0], expected[1]);
    ToneKernel.of(KernelSet.VECTOR).range(pixels.data(), pixels.length(), got[0], got[1]);
    assertArrayEquals(expected, got);
  }

  @Property(tries = 60)
  void grays(
      @ForAll("pixels") Picture pixels, @ForAll @FloatRange(min = 0f, max = 2f) float factor) {
    GrayKernel scalar = GrayKernel.of(KernelSet.SCALAR);
    GrayKernel vector = GrayKernel.of(KernelSet.VECTOR);
    int length = pixels.length();
    assertEquals(scalar.sum(pixels.data(), length), vector.sum(pixels.data(), length));
    sameInPlace(
        pixels,
        (in, out) -> scalar.grayscale(in, out, length),
        (in, out) -> vector.grayscale(in, out, length));
    sameInPlace(
        pixels,
        (in, out) -> scalar.colour(in, out, length, factor),
        (in, out) -> vector.colour(in, out, length, factor));
  }

  @Property(tries = 60)
  void sharpness(
      @ForAll("pixels") Picture pixels, @ForAll @FloatRange(min = 0f, max = 2f) float factor) {
    same(
        pixels,
        (in, out) ->
            SharpnessKernel.of(KernelSet.SCALAR)
                .sharpen(in, out, pixels.width(), pixels.height(), factor),
        (in, out) ->
            SharpnessKernel.of(KernelSet.VECTOR)
                .sharpen(in, out, pixels.width(), pixels.height(), factor));
  }

  @Property(tries = 60)
  void hues(@ForAll("pixels") Picture pixels, @ForAll @IntRange(max = 255) int shift) {
    HueKernel scalar = HueKernel.of(KernelSet.SCALAR);
    HueKernel vector = HueKernel.of(KernelSet.VECTOR);
    sameInPlace(
        pixels,
        (in, out) -> scalar.shift(in, out, pixels.length(), shift),
        (in, out) -> vector.shift(in, out, pixels.length(), shift));
  }

  /** Every 4,093rd of all colours, which is prime, from another one for each shift. */
  @Test
  void huesOfAllShifts() {
    int stride = 4093;
    int colours = (1 << 24) / stride;
    Picture picture = new Picture();
    byte[] data = picture.resize(colours, 1);
    for (int shift = 0; shift < 256; shift++) {
      for (int i = 0; i < colours; i++) {
        int colour = i * stride + 13 * shift;
        data[3 * i] = (byte) (colour >> 16);
        data[3 * i + 1] = (byte) (colour >> 8);
        data[3 * i + 2] = (byte) colour;
      }
      int turn = shift;
      same(
          picture,
          (in, out) -> HueKernel.of(KernelSet.SCALAR).shift(in, out, 3 * colours, turn),
          (in, out) -> HueKernel.of(KernelSet.VECTOR).shift(in, out, 3 * colours, turn));
    }
  }

  @Property(tries = 60)
  void mixtures(
      @ForAll("pixels") Picture pixels,
      @ForAll @FloatRange(min = 0f, max = 1f) float first,
      @ForAll @FloatRange(min = 0f, max = 1f) float second,
      @ForAll @FloatRange(min = 0f, max = 1f) float share) {
    float[] weights = {first, (1 - first) * second, (1 - first) * (1 - second)};
    byte[][] chains = new byte[3][];
    for (int i = 0; i < 3; i++) {
      chains[i] = random(pixels.width(), pixels.height(), i, 256).data();
    }
    sameInPlace(
        pixels,
        (in, out) ->
            MixKernel.of(KernelSet.SCALAR).mix(in, chains, weights, share, out, pixels.length()),
        (in, out) ->
            MixKernel.of(KernelSet.VECTOR).mix(in, chains, weights, share, out, pixels.length()));
  }

  @Property(tries = 60)
  void tables(@ForAll("pixels") Picture pixels, @ForAll long seed) {
    byte[] table = new byte[ChannelTables.LENGTH];
    new Random(seed).nextBytes(table);
    byte[] out = new byte[pixels.data().length];
    ChannelTables.lookUp(pixels.data(), out, pixels.length(), table);
    int[] counts = new int[ChannelTables.LENGTH];
    new ChannelTables().count(pixels.data(), pixels.length(), counts);
    for (int i = 0; i < pixels.length(); i++) {
      int entry = ChannelTables.ENTRIES * (i % 3) + (pixels.data()[i] & 0xFF);
      assertEquals(table[entry], out[i]);
      counts[entry]--;
    }
    assertArrayEquals(new int[ChannelTables.LENGTH], counts);
  }
}
