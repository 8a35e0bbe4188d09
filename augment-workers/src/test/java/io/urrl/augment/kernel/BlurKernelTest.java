package io.urrl.augment.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both blurs against the sum that they are defined by. */
class BlurKernelTest {
  private static final int ONE = 1 << 24;

  @Property(tries = 300)
  void filterAsDefined(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 0, max = 20) int radius) {
    check(new Random(seed), width, height, radius);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 12, 13})
  void filterLargePictures(int radius) {
    check(new Random(radius), 600, 80, radius);
    check(new Random(radius), 77, 800, radius);
  }

  private static void check(Random random, int width, int height, int radius) {
    byte[] in = RandomPictures.bytes(random, width, height);
    int weight = (int) (ONE / (2 * (radius + random.nextDouble()) + 1));
    int edge = (ONE - (2 * radius + 1) * weight) / 2;
    byte[] across = defined(in, width, height, 3, width, radius, weight, edge);
    byte[] twice = defined(across, width, height, 3, width, radius, weight, edge);
    byte[] down = defined(in, width, height, 3 * width, height, radius, weight, edge);
    for (KernelSet set : KernelSet.values()) {
      BlurKernel kernel = BlurKernel.of(set);
      byte[] once = in.clone();
      kernel.rows(once, width, height, 1, radius, weight, edge);
      assertArrayEquals(across, RandomPictures.meant(once), "rows, " + set);
      byte[] again = in.clone();
      kernel.rows(again, width, height, 2, radius, weight, edge);
      assertArrayEquals(twice, RandomPictures.meant(again), "rows twice, " + set);
      byte[] out = RandomPictures.target(width, height);
      kernel.columns(in, width, height, radius, weight, edge, out);
      assertArrayEquals(down, RandomPictures.meant(out), "columns, " + set);
    }
  }

  /** One pass along lines of {@code count} places that are {@code step} bytes apart. */
  private static byte[] defined(
      byte[] in, int width, int height, int step, int count, int radius, int weight, int edge) {
    byte[] out = new byte[3 * width * height];
    for (int i = 0; i < out.length; i++) {
      int place = i / step % count;
      long sum = 1 << 23;
      for (int offset = -radius - 1; offset <= radius + 1; offset++) {
        int other = Math.clamp(place + offset, 0, count - 1);
        int value = in[i + (other - place) * step] & 0xFF;
        sum += (long) value * (Math.abs(offset) > radius ? edge : weight);
      }
      out[i] = (byte) (sum >> 24);
    }
    return out;
  }
}
