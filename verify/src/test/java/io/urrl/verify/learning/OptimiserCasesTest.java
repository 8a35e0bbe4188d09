package io.urrl.verify.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimiserCasesTest {
  /** Values that PyTorch computed, with the tolerances that case.json gives. */
  private static final Path GOLDEN = Path.of("src/test/resources/learning");

  @TempDir Path folder;

  @Test
  void everyStepAgreesWithPyTorch() throws IOException {
    OptimiserCases.run(GOLDEN, folder);
    Path cases = GOLDEN.resolve(OptimiserCases.FUSED_OPTIMISER);
    JsonNode outputs =
        new ObjectMapper().readTree(Files.readAllBytes(cases.resolve("case.json"))).path("outputs");
    assertEquals(3, outputs.size());
    for (JsonNode output : outputs) {
      String file = output.path("file").asText();
      Tensor expected = Npy.read(cases.resolve(file));
      Tensor got = Npy.read(folder.resolve(OptimiserCases.FUSED_OPTIMISER).resolve(file));
      assertEquals(expected.shape(), got.shape());
      double[] truth = expected.toDoubles();
      double[] values = got.toDoubles();
      for (int i = 0; i < truth.length; i++) {
        double allowed =
            output.path("atol").asDouble() + output.path("rtol").asDouble() * Math.abs(truth[i]);
        assertTrue(Math.abs(values[i] - truth[i]) <= allowed, file + " at " + i + ": " + values[i]);
      }
    }
  }

  @Test
  void aMissingCaseIsAnError() {
    assertThrows(IOException.class, () -> OptimiserCases.run(folder, folder));
  }
}
