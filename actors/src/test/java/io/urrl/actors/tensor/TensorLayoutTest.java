package io.urrl.actors.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TensorLayoutTest {
  @Test
  void tensorsFollowEachOtherWithoutGaps() {
    TensorLayout layout =
        TensorLayout.builder().add("conv1.weight", 8, 3, 3, 3).add("fc.bias", 7).add("t").build();
    assertEquals(0, layout.entry("conv1.weight").offset());
    assertEquals(216, layout.entry("fc.bias").offset());
    assertEquals(1, layout.entry("t").length());
    assertEquals(224, layout.size());
    assertEquals(List.of(8, 3, 3, 3), layout.entry("conv1.weight").shape());
  }

  @Test
  void badLayoutsAreRefused() {
    TensorLayout.Builder twice = TensorLayout.builder().add("a", 1).add("a", 2);
    assertThrows(IllegalArgumentException.class, twice::build);
    assertThrows(IllegalArgumentException.class, () -> TensorLayout.builder().add("a", 3, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new TensorLayout(List.of(new TensorLayout.Entry("a", List.of(2), 1, 2))));
    assertThrows(
        IllegalArgumentException.class, () -> new TensorLayout.Entry("a", List.of(2), 0, 3));
    TensorLayout layout = TensorLayout.builder().add("a", 1).build();
    assertThrows(IllegalArgumentException.class, () -> layout.entry("b"));
  }

  @Test
  void namedTensorsComeToTheirPlaces() {
    TensorLayout layout = TensorLayout.builder().add("a", 2).add("b", 1, 3).build();
    MemorySegment flat = Arena.ofAuto().allocate(layout.byteSize());
    Tensor a = Tensor.of(new float[] {1, 2}, 2);
    Tensor b = Tensor.of(new float[] {3, 4, 5}, 1, 3);
    layout.scatter(Map.of("b", b, "a", a, "more", a), flat);
    assertArrayEquals(new float[] {1, 2, 3, 4, 5}, flat.toArray(ValueLayout.JAVA_FLOAT));
    assertThrows(IllegalArgumentException.class, () -> layout.scatter(Map.of("a", a), flat));
    assertThrows(
        IllegalArgumentException.class, () -> layout.scatter(Map.of("a", a, "b", a), flat));
  }

  @Property(tries = 300)
  void slicesCoverEverythingOnceAndAreAligned(
      @ForAll @IntRange(min = 1, max = 5000) int floats,
      @ForAll @IntRange(min = 1, max = 9) int shards) {
    List<TensorLayout.Slice> slices =
        TensorLayout.builder().add("all", floats).build().split(shards);
    assertEquals(shards, slices.size());
    long end = 0;
    long longest = 0;
    long shortest = Long.MAX_VALUE;
    for (TensorLayout.Slice slice : slices) {
      assertEquals(end, slice.from());
      assertTrue(slice.from() % 16 == 0 || slice.from() == floats);
      end = slice.to();
      longest = Math.max(longest, slice.length());
      shortest = Math.min(shortest, slice.length());
    }
    assertEquals(floats, end);
    assertTrue(longest - shortest < 32, "nearly equal: " + slices);
  }
}
