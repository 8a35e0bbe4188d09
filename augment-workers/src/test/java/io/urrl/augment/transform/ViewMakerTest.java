package io.urrl.augment.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewMakerTest {
  private static final int SIZE = 24;
  private static final PictureSet SHAPES = PictureSets.open("shapes", Split.TRAIN);

  private final MemorySegment query = Arena.ofAuto().allocate(3 * SIZE * SIZE);
  private final MemorySegment key = Arena.ofAuto().allocate(3 * SIZE * SIZE);

  private byte[] pair(ViewMaker maker, int epoch, int sample) throws Exception {
    Picture picture = new Picture();
    SHAPES.read(sample, picture);
    maker.views(picture, epoch, sample, query, key);
    byte[] both = Arrays.copyOf(query.toArray(ValueLayout.JAVA_BYTE), 6 * SIZE * SIZE);
    System.arraycopy(key.toArray(ValueLayout.JAVA_BYTE), 0, both, 3 * SIZE * SIZE, 3 * SIZE * SIZE);
    return both;
  }

  @ParameterizedTest
  @ValueSource(strings = {"moco-v2", "augmix", "augmix-allop", "augmix-moco", "urrl"})
  void aViewDependsOnItsIdentityAlone(String recipe) throws Exception {
    ViewMaker fresh = new ViewMaker(ViewRecipe.named(recipe, SIZE), SIZE, 5);
    ViewMaker used = new ViewMaker(ViewRecipe.named(recipe, SIZE), SIZE, 5);
    for (int sample = 40; sample > 0; sample--) {
      pair(used, 3, sample);
    }
    for (int sample = 0; sample < 40; sample++) {
      assertArrayEquals(pair(fresh, 2, sample), pair(used, 2, sample));
    }
    assertFalse(Arrays.equals(pair(fresh, 2, 7), pair(fresh, 3, 7)), "another epoch");
    ViewMaker seeded = new ViewMaker(ViewRecipe.named(recipe, SIZE), SIZE, 6);
    assertFalse(Arrays.equals(pair(fresh, 2, 7), pair(seeded, 2, 7)), "another seed");
    byte[] both = pair(fresh, 2, 7);
    int half = both.length / 2;
    assertFalse(Arrays.equals(Arrays.copyOf(both, half), Arrays.copyOfRange(both, half, 2 * half)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"moco-v2", "augmix-allop", "augmix-moco"})
  void bothKernelSetsMakeTheSame(String recipe) throws Exception {
    ViewRecipe named = ViewRecipe.named(recipe, 224);
    ViewMaker scalar = new ViewMaker(named, SIZE, 5, KernelSet.SCALAR);
    ViewMaker vector = new ViewMaker(named, SIZE, 5, KernelSet.VECTOR);
    for (int sample = 0; sample < 200; sample++) {
      assertArrayEquals(pair(scalar, 1, sample), pair(vector, 1, sample), "sample " + sample);
    }
  }

  /** Eq. 2: each view draws its own family, half of them robust. */
  @Test
  void theFamiliesOfAPairAreIndependent() throws Exception {
    ViewMaker maker = new ViewMaker(ViewRecipe.named("urrl", SIZE), SIZE, 9);
    int[][] counts = new int[2][2];
    Picture picture = new Picture();
    SHAPES.read(0, picture);
    int pairs = 2000;
    for (int sample = 0; sample < pairs; sample++) {
      maker.view(picture, 0, sample, 0, query);
      int first = maker.description().startsWith("T_rob") ? 1 : 0;
      maker.view(picture, 0, sample, 1, key);
      int second = maker.description().startsWith("T_rob") ? 1 : 0;
      counts[first][second]++;
    }
    double chiSquare = 0;
    for (int[] row : counts) {
      for (int count : row) {
        chiSquare += Math.pow(count - pairs / 4.0, 2) / (pairs / 4.0);
      }
    }
    assertEquals(0, chiSquare, 16.27, "chi-square at 3 degrees of freedom, p = 0.001");
  }

  @Test
  void anUnknownRecipeIsNamed() {
    var failure =
        assertThrows(IllegalArgumentException.class, () -> ViewRecipe.named("simclr", 32));
    assertEquals(
        "recipe simclr is unknown; known are moco-v2, augmix, augmix-allop, augmix-moco, urrl",
        failure.getMessage());
  }
}
