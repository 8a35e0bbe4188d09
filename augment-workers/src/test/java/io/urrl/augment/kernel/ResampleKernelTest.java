package io.urrl.augment.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.urrl.augment.image.Picture;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Both passes of both sets against the sum that they are defined by. */
class ResampleKernelTest {

  @Property(tries = 300)
  void passesAsDefined(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 90) int width,
      @ForAll @IntRange(min = 1, max = 60) int height,
      @ForAll @IntRange(min = 1, max = 70) int places) {
    check(new Random(seed), width, height, places);
  }

  @Test
  void largePictures() {
    check(new Random(1), 600, 800, 224);
    check(new Random(2), 801, 33, 500);
  }

  private static void check(Random random, int width, int height, int places) {
    byte[] in = RandomPictures.bytes(random, width, height);
    Taps columns = taps(random, width, places);
    Taps rows = taps(random, height, places);
    for (KernelSet set : KernelSet.values()) {
      ResampleKernel kernel = ResampleKernel.of(set);
      byte[] narrow = RandomPictures.target(places, height);
      kernel.horizontal(in, 0, 3 * width, height, columns, narrow);
      assertArrayEquals(
          horizontal(in, width, height, columns), RandomPictures.meant(narrow), set::toString);
      byte[] low = RandomPictures.target(width, places);
      kernel.vertical(in, 0, 3 * width, 3 * width, rows, low);
      assertArrayEquals(vertical(in, width, rows), RandomPictures.meant(low), set::toString);
    }
  }

  /** Windows anywhere, with weights of either sign whose sums leave 0..1. */
  private static Taps taps(Random random, int inputs, int places) {
    int span = Math.min(inputs, 1 + random.nextInt(9));
    Taps taps = new Taps();
    taps.reset(places, span);
    for (int place = 0; place < places; place++) {
      int length = 1 + random.nextInt(span);
      taps.window(place, random.nextInt(inputs - length + 1), length);
      for (int i = 0; i < length; i++) {
        double weight = (random.nextDouble() * 1.6 - 0.2) / length;
        taps.weights()[place * span + i] = (int) (weight * (1 << Taps.PRECISION));
      }
    }
    return taps;
  }

  private static byte[] horizontal(byte[] in, int width, int height, Taps taps) {
    byte[] out = new byte[3 * taps.places() * height];
    for (int i = 0; i < out.length; i++) {
      int place = i / 3 % taps.places();
      int start = i / 3 / taps.places() * width + taps.first()[place];
      out[i] = sum(in, 3 * start + i % 3, 3, taps, place);
    }
    return out;
  }

  private static byte[] vertical(byte[] in, int width, Taps taps) {
    int row = 3 * width;
    byte[] out = new byte[row * taps.places()];
    for (int i = 0; i < out.length; i++) {
      out[i] = sum(in, taps.first()[i / row] * row + i % row, row, taps, i / row);
    }
    return out;
  }

  private static byte sum(byte[] in, int from, int step, Taps taps, int place) {
    long sum = 1L << (Taps.PRECISION - 1);
    for (int i = 0; i < taps.count()[place]; i++) {
      long weight = taps.weights()[place * taps.span() + i];
      sum += weight * (in[from + i * step] & 0xFF);
    }
    return (byte) Math.clamp(sum >> Taps.PRECISION, 0, 255);
  }

  /** What lies behind a picture's last pixel must not matter. */
  @Test
  void slackDoesNotMatter() {
    byte[] in = RandomPictures.bytes(new Random(4), 9, 3);
    byte[] other = in.clone();
    for (int i = in.length - Picture.SLACK; i < in.length; i++) {
      other[i] ^= 0x55;
    }
    Taps taps = taps(new Random(5), 9, 14);
    ResampleKernel kernel = ResampleKernel.of(KernelSet.VECTOR);
    byte[] expected = RandomPictures.target(14, 3);
    byte[] found = RandomPictures.target(14, 3);
    kernel.horizontal(in, 0, 27, 3, taps, expected);
    kernel.horizontal(other, 0, 27, 3, taps, found);
    assertArrayEquals(RandomPictures.meant(expected), RandomPictures.meant(found));
  }
}
