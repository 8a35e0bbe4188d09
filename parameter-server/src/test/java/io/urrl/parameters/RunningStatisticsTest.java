package io.urrl.parameters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.urrl.actors.objective.Companion;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class RunningStatisticsTest {
  private static final TensorLayout LAYOUT =
      TensorLayout.builder()
          .add("bn1.running_mean", 2)
          .add("bn1.running_var", 2)
          .add("layer1.0.bn1.running_mean", 1)
          .add("layer1.0.bn1.running_var", 1)
          .build();

  @Test
  void meansStartAtZeroAndVariancesAtOne() {
    try (Arena arena = Arena.ofConfined()) {
      RunningStatistics statistics =
          new RunningStatistics(Companion.Encoder.TRAINED, LAYOUT, arena);
      assertArrayEquals(new float[] {0, 0, 1, 1, 0, 1}, Segments.floats(statistics.values()));
      assertEquals(0, statistics.batches());
    }
  }

  @Test
  void passesAreAppliedInOrder() {
    try (Arena arena = Arena.ofConfined()) {
      RunningStatistics statistics =
          new RunningStatistics(Companion.Encoder.TRAINED, LAYOUT, arena);
      statistics.add(Segments.of(arena, 1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60));
      float[] expected = {0, 0, 1, 1, 0, 1};
      for (int i = 0; i < 6; i++) {
        float once = (float) (0.1 * (i + 1) + (1 - 0.1) * expected[i]);
        expected[i] = (float) (0.1 * (10 * (i + 1)) + (1 - 0.1) * once);
      }
      assertArrayEquals(expected, Segments.floats(statistics.values()));
      assertEquals(0.1f * 10 + 0.9f * 0.1f, Segments.floats(statistics.values())[0], 1e-6f);
      assertEquals(2, statistics.batches());
    }
  }

  @Test
  void copiesAreWhole() {
    try (Arena arena = Arena.ofConfined()) {
      RunningStatistics from = new RunningStatistics(Companion.Encoder.TRAINED, LAYOUT, arena);
      from.apply(Segments.of(arena, 1, 2, 3, 4, 5, 6));
      RunningStatistics to = new RunningStatistics(Companion.Encoder.TRAINED, LAYOUT, arena);
      to.copyFrom(from);
      assertEquals(-1, to.values().mismatch(from.values()));
      assertEquals(1, to.batches());
      from.initialise(3);
      assertArrayEquals(new float[] {0, 0, 1, 1, 0, 1}, Segments.floats(from.values()));
    }
  }

  @Test
  void whatIsNotAStatisticIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      TensorLayout weights = TensorLayout.builder().add("bn1.weight", 2).build();
      assertThrows(
          IllegalArgumentException.class,
          () -> new RunningStatistics(Companion.Encoder.TRAINED, weights, arena));
      RunningStatistics statistics =
          new RunningStatistics(Companion.Encoder.TRAINED, LAYOUT, arena);
      assertThrows(IllegalArgumentException.class, () -> statistics.apply(Segments.of(arena, 1)));
      assertThrows(
          IllegalArgumentException.class,
          () -> statistics.add(Segments.of(arena, 1, 2, 3, 4, 5, 6, 7)));
    }
  }
}
