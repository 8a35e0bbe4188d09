package io.urrl.augment.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Where each byte goes, for both sets. */
class LayoutKernelTest {

  @Property(tries = 300)
  void movesEveryByte(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll @IntRange(min = 1, max = 40) int height) {
    byte[] in = RandomPictures.bytes(new Random(seed), width, height);
    int pixels = width * height;
    byte[] mirrored = new byte[3 * pixels];
    byte[] planes = new byte[3 * pixels];
    for (int i = 0; i < 3 * pixels; i++) {
      int column = i / 3 % width;
      mirrored[i + 3 * (width - 1 - 2 * column)] = in[i];
      planes[i % 3 * pixels + i / 3] = in[i];
    }
    for (KernelSet set : KernelSet.values()) {
      LayoutKernel kernel = LayoutKernel.of(set);
      byte[] out = RandomPictures.target(width, height);
      kernel.flip(in, width, height, out);
      assertArrayEquals(mirrored, RandomPictures.meant(out), set::toString);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(3L * pixels + 1);
        segment.set(ValueLayout.JAVA_BYTE, 3L * pixels, (byte) 77);
        kernel.planes(in, pixels, segment);
        byte[] found = segment.asSlice(0, 3L * pixels).toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(planes, found, set::toString);
        assertEquals(77, segment.get(ValueLayout.JAVA_BYTE, 3L * pixels), "wrote too far");
      }
    }
  }
}
