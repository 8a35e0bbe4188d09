package io.urrl.gpu.verify;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.gpu.Golden;
import io.urrl.gpu.nn.TensorRuntime;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningCasesTest {
  @TempDir private Path out;

  /** The networks are those of the reference at width 2, drawn by its own generator. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet_forward", "infonce", "linear_probe"})
  void everyOutputAgreesWithPyTorch(String name) throws IOException {
    assertTrue(LearningCases.run(TensorRuntime.open(1), Golden.CASES, name, out));
    new Golden(name).assertAllClose(out.resolve(name));
  }

  @Test
  void anUnknownCaseIsLeftToOthers() throws IOException {
    assertFalse(LearningCases.run(TensorRuntime.open(1), Golden.CASES, "fused_optimiser", out));
  }
}
