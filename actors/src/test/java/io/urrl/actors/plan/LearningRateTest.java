package io.urrl.actors.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LearningRateTest {
  private static final double EXACT = 1e-15;

  @Test
  void cosineFollowsTheFormulaOfMoco() {
    LearningRate rate = new LearningRate.Cosine(0.03, 6, 0);
    for (int t = 0; t < 6; t++) {
      assertEquals(0.03 * 0.5 * (1 + Math.cos(Math.PI * t / 6)), rate.at(t), EXACT);
    }
    assertEquals(0.03, rate.at(0));
    assertEquals(0, rate.at(6), EXACT);
    assertEquals(0, rate.at(1000), EXACT);
  }

  @Test
  void warmUpRisesLinearlyAndTheCosineStartsBehindIt() {
    LearningRate rate = new LearningRate.Cosine(0.4, 104, 4);
    assertEquals(0.1, rate.at(0), EXACT);
    assertEquals(0.3, rate.at(2), EXACT);
    assertEquals(0.4, rate.at(3), EXACT);
    assertEquals(0.4, rate.at(4), EXACT);
    assertEquals(0.2, rate.at(54), EXACT);
    for (long step = 5; step <= 104; step++) {
      assertTrue(rate.at(step) < rate.at(step - 1), "falls at step " + step);
    }
  }

  @Test
  void stepFallsAtEachMilestone() {
    LearningRate rate = new LearningRate.Step(30, List.of(60L, 80L), 0.1, 0);
    assertEquals(30, rate.at(59));
    assertEquals(3, rate.at(60), EXACT);
    assertEquals(3, rate.at(79), EXACT);
    assertEquals(0.3, rate.at(80), EXACT);
    assertEquals(0.3, rate.at(1_000_000), EXACT);
  }

  @Test
  void constantStays() {
    LearningRate rate = new LearningRate.Constant(0.5, 2);
    assertEquals(0.25, rate.at(0));
    assertEquals(0.5, rate.at(1));
    assertEquals(0.5, rate.at(99));
  }

  @Test
  void impossibleSchedulesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LearningRate.Cosine(0.1, 5, 5));
    assertThrows(IllegalArgumentException.class, () -> new LearningRate.Constant(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new LearningRate.Constant(Double.NaN, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new LearningRate.Step(1, List.of(80L, 60L), 0.1, 0));
  }
}
