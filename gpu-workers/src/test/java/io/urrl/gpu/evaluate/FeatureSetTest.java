package io.urrl.gpu.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureSetTest {
  private static final int IMAGENET = 1_281_167;
  private static final int WIDTH = 2048;

  /** In a file with a hole, which takes no more room than what is written to it. */
  @Test
  void theFeaturesOfImageNetHaveTheirPlaces(@TempDir Path folder) throws Exception {
    try (FileChannel file =
            FileChannel.open(
                folder.resolve("features"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SPARSE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory =
          file.map(FileChannel.MapMode.READ_WRITE, 0, FeatureSet.bytes(IMAGENET, WIDTH), arena);
      FeatureSet set =
          new FeatureSet(memory, new int[IMAGENET], IntStream.range(0, IMAGENET).toArray(), WIDTH);
      // Where a product of ints becomes negative, where it comes round, and at the end.
      int[] samples = {0, 1 << 18, 1 << 20, (1 << 20) + 1, (1 << 21) / 2 + 7, IMAGENET - 1};
      for (int sample : samples) {
        set.put(sample, row(sample), new int[] {sample % 1000});
      }
      for (int sample : samples) {
        assertArrayEquals(row(sample), set.copy(new int[] {sample}));
        assertEquals(sample % 1000, set.label(sample));
      }
      float[] two = set.copy(new int[] {IMAGENET - 1, 0});
      assertArrayEquals(row(0), Arrays.copyOfRange(two, WIDTH, 2 * WIDTH));
      FeatureSet picked = set.pick((IMAGENET - 1) % 10, 10, false);
      assertArrayEquals(row(IMAGENET - 1), picked.copy(new int[] {picked.size() - 1}));
    }
  }

  private static float[] row(int sample) {
    float[] row = new float[WIDTH];
    Arrays.fill(row, sample);
    row[0] = -sample;
    return row;
  }

  @Test
  void memoryThatIsNotThereIsSaidToBeMissing() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> new FeatureSet(Integer.MAX_VALUE, 1 << 24));
    assertTrue(refused.getMessage().contains("GiB of memory"), refused::getMessage);
  }
}
