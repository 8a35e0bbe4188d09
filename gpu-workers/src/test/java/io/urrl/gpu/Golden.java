package io.urrl.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A case that PyTorch computed: inputs, outputs, and the tolerances of its {@code case.json}. */
public final class Golden {
  /** Folder of all cases. */
  public static final Path CASES = Path.of("src/test/resources/learning");

  private final Path folder;
  private final JsonNode sheet;

  /** Opens a case by name. */
  public Golden(String name) throws IOException {
    folder = CASES.resolve(name);
    sheet = new ObjectMapper().readTree(folder.resolve("case.json").toFile());
  }

  /** A file of the case. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** What the case was computed with. */
  public JsonNode hyper() {
    return sheet.get("hyper");
  }

  /** Compares every output that is there with the file of the same name in {@code got}. */
  public void assertAllClose(Path got) throws IOException {
    int compared = 0;
    for (JsonNode output : sheet.get("outputs")) {
      String name = output.get("file").asText();
      if (!Files.exists(folder.resolve(name))) {
        continue;
      }
      if (name.endsWith(".npy")) {
        assertClose(name, Npy.read(got.resolve(name)).toDoubles());
      } else {
        assertClose(name, Safetensors.read(got.resolve(name)));
      }
      compared++;
    }
    assertTrue(compared > 0, "nothing to compare in " + folder);
  }

  /** Compares one array with its golden. */
  public void assertClose(String name, double[] got) throws IOException {
    JsonNode output = output(name);
    assertClose(name, output, Npy.read(folder.resolve(name)).toDoubles(), got);
  }

  /** Compares named tensors with their goldens; integer tensors may be missing. */
  public void assertClose(String name, Map<String, Tensor> got) throws IOException {
    JsonNode rules = output(name).get("tensors");
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Tensor> golden : Safetensors.read(folder.resolve(name)).entrySet()) {
      String tensor = golden.getKey();
      if (tensor.endsWith("num_batches_tracked")) {
        continue;
      }
      if (got.containsKey(tensor)) {
        assertClose(
            name + ":" + tensor,
            rules.get(tensor),
            golden.getValue().toDoubles(),
            got.get(tensor).toDoubles());
      } else {
        missing.add(tensor);
      }
    }
    assertEquals(List.of(), missing, name);
  }

  private JsonNode output(String name) {
    for (JsonNode output : sheet.get("outputs")) {
      if (output.get("file").asText().equals(name)) {
        return output;
      }
    }
    throw new IllegalArgumentException(folder + " has no output " + name);
  }

  private static void assertClose(String what, JsonNode rule, double[] golden, double[] got) {
    assertEquals(golden.length, got.length, what);
    for (int i = 0; i < golden.length; i++) {
      double allowed =
          rule.get("atol").asDouble() + rule.get("rtol").asDouble() * Math.abs(golden[i]);
      double gap = Math.abs(got[i] - golden[i]);
      assertTrue(gap <= allowed, what + " at " + i + ": " + got[i] + ", expected " + golden[i]);
    }
  }
}
