package io.urrl.augment.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.augment.image.Picture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In steady state a view takes nothing from the heap. */
class ViewAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int VIEWS = 400;

  /** The compiler takes a while until no vector lies on the heap any more. */
  private static final int MOST_ROUNDS = 60;

  @ParameterizedTest
  @CsvSource({
    "moco-v2,32", "augmix,32", "augmix-allop,32", "augmix-moco,32", "urrl,32",
    "moco-v2,224", "augmix,224", "augmix-allop,224", "augmix-moco,224", "urrl,224"
  })
  void isNone(String recipe, int size) throws Exception {
    PictureSet shapes = PictureSets.open("shapes", Split.TRAIN);
    Picture picture = new Picture();
    shapes.read(0, picture);
    ViewMaker maker = new ViewMaker(ViewRecipe.named(recipe, size), size, 1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment view = arena.allocate(3L * size * size);
      long bytes = Long.MAX_VALUE;
      for (int round = 0; round < MOST_ROUNDS && bytes != 0; round++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int sample = 0; sample < VIEWS; sample++) {
          maker.view(picture, round, sample, 0, view);
        }
        bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
      }
      assertEquals(0, bytes, "bytes of " + VIEWS + " views");
    }
  }
}
