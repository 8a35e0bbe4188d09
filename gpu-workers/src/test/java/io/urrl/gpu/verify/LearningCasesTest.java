package io.urrl.gpu.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.tensor.Npy;
import io.urrl.gpu.nn.TensorRuntime;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningCasesTest {

  @Test
  void infoNceGivesPyTorchsNumbers(@TempDir Path out) throws Exception {
    Path cases = Path.of(LearningCasesTest.class.getResource("/learning").toURI());
    assertTrue(LearningCases.run(TensorRuntime.open(1), cases, "infonce", out));
    Path folder = cases.resolve("infonce");
    JsonNode sheet = new ObjectMapper().readTree(folder.resolve("case.json").toFile());
    for (JsonNode output : sheet.get("outputs")) {
      String file = output.get("file").asText();
      float[] gold = Npy.read(folder.resolve(file)).toFloats();
      float[] got = Npy.read(out.resolve("infonce").resolve(file)).toFloats();
      assertEquals(gold.length, got.length, file);
      for (int i = 0; i < gold.length; i++) {
        double allowed =
            output.get("atol").asDouble() + output.get("rtol").asDouble() * Math.abs(gold[i]);
        assertEquals(gold[i], got[i], allowed, file);
      }
    }
  }
}
