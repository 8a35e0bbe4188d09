package io.urrl.augment.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.urrl.augment.image.Picture;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In steady state no kernel on colours leaves anything on the heap. A vector kernel that does was
 * given up by C2, and takes some fifty times as long.
 */
class ColourAllocationTest {
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Vectors live on the heap until C2 has compiled their kernel: rounds that it may take. */
  private static final int MOST_ROUNDS = 4000;

  private static final int CALLS = 20;

  /** Large enough that loops run unrolled. */
  private static final int SIZE = 224;

  private static final int LENGTH = 3 * SIZE * SIZE;

  private final byte[] in = new byte[LENGTH + Picture.SLACK];
  private final byte[] out = new byte[LENGTH + Picture.SLACK];

  @ParameterizedTest
  @EnumSource(KernelSet.class)
  void isNone(KernelSet set) {
    new Random(1).nextBytes(in);
    byte[][] chains = {in.clone(), in.clone(), in.clone()};
    float[] weights = {0.3f, 0.2f, 0.5f};
    float[] scale = {1.1f, 1.2f, 1.3f};
    float[] offset = {-3f, -9f, -20f};
    int[] low = new int[3];
    int[] high = new int[3];
    ToneKernel tones = ToneKernel.of(set);
    steady("posterize", () -> tones.mask(in, out, LENGTH, 0xF0));
    steady("solarize", () -> tones.solarize(in, out, LENGTH, 200));
    steady("blend", () -> tones.blend(in, out, LENGTH, 117, 1.3f));
    steady("stretch", () -> tones.stretch(in, out, LENGTH, scale, offset));
    steady("range", () -> tones.range(in, LENGTH, low, high));
    GrayKernel grays = GrayKernel.of(set);
    steady("sum of grays", () -> grays.sum(in, LENGTH));
    steady("grayscale", () -> grays.grayscale(in, out, LENGTH));
    steady("colour", () -> grays.colour(in, out, LENGTH, 1.3f));
    HueKernel hues = HueKernel.of(set);
    steady("hue", () -> hues.shift(in, out, LENGTH, 20));
    SharpnessKernel sharpness = SharpnessKernel.of(set);
    steady("sharpness", () -> sharpness.sharpen(in, out, SIZE, SIZE, 0.28f));
    MixKernel mixtures = MixKernel.of(set);
    steady("mixture", () -> mixtures.mix(in, chains, weights, 0.6f, out, LENGTH));
  }

  private static void steady(String name, Runnable kernel) {
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && allocated > 0; round++) {
      long before = THREAD.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        kernel.run();
      }
      allocated = THREAD.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, allocated, name);
  }
}
