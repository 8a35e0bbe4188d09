package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.EvaluationJob.EvaluationData;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When the evaluation at the end comes by itself. */
final class EvaluationCostTest {
  private static final EvaluationData SHAPES =
      new EvaluationData(DataSet.unchecked("shapes"), 32, 6000, 1200, 8);
  private static final EvaluationData CIFAR =
      new EvaluationData(DataSet.unchecked("cifar"), 32, 50_000, 10_000, 10);

  @Test
  void theDefaultRunEndsWithIt() {
    Settings defaults = SettingsLoader.load(null, Map.of());
    double share = EvaluationCost.share(defaults, SHAPES, 563);
    assertTrue(share < EvaluationCost.SMALL, "share " + share);
  }

  @Test
  void aFewStepsOnCifarDoNot() {
    Settings defaults = SettingsLoader.load(null, Map.of());
    double share = EvaluationCost.share(defaults, CIFAR, 20);
    assertTrue(share > 10, "share " + share);
  }

  @Test
  void aLongRunDoes() {
    Settings wide = SettingsLoader.load(null, Map.of("encoder.width", "64"));
    double share = EvaluationCost.share(wide, CIFAR, 200 * 50_000 / 64);
    assertTrue(share < 0.05, "share " + share);
  }

  /** 1.8 thousand million multiply-adds for 224 pixels, 0.56 for CIFAR's: the published counts. */
  @Test
  void multiplyAddsAreThePublishedOnes() {
    EncoderSpec large = EncoderSpec.moco("resnet18", 64, "imagenet", 0, 128);
    assertEquals(1.81e9, EvaluationCost.forward(large, "imagenet", 224), 0.02e9);
    EncoderSpec small = EncoderSpec.moco("resnet18", 64, "cifar", 0, 128);
    assertEquals(0.556e9, EvaluationCost.forward(small, "cifar", 32), 0.005e9);
    EncoderSpec deep = EncoderSpec.moco("resnet50", 64, "imagenet", 0, 128);
    assertEquals(4.1e9, EvaluationCost.forward(deep, "imagenet", 224), 0.3e9);
  }
}
