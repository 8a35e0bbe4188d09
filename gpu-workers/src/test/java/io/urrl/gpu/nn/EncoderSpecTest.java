package io.urrl.gpu.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderSpecTest {

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "moco_v2_resnet18", "resnet50", "moco_v2_resnet50"})
  void namesShapesAndOrderAreTorchvisions(String name) throws IOException {
    EncoderSpec spec = spec(name);
    JsonNode published =
        new ObjectMapper()
            .readTree(Golden.CASES.resolve("resnet_forward/state_dicts.json").toFile())
            .get(name);
    assertEquals(lines(published, "parameter"), lines(spec.parameters()));
    assertEquals(lines(published, "buffer"), lines(spec.buffers()));
  }

  private static EncoderSpec spec(String name) {
    String arch = name.substring(name.indexOf("resnet"));
    EncoderSpec moco = EncoderSpec.moco(arch, 64, "imagenet", 0, 128);
    return name.startsWith("moco")
        ? moco
        : new EncoderSpec(moco.kind(), moco.layers(), 64, moco.stem(), List.of(1000));
  }

  private static List<String> lines(JsonNode published, String role) {
    List<String> lines = new ArrayList<>();
    for (JsonNode row : published) {
      // Counters of passes are no part of the maths.
      if (row.get(3).asText().equals(role) && row.get(2).asText().equals("float32")) {
        List<Integer> shape = new ArrayList<>();
        row.get(1).forEach(length -> shape.add(length.asInt()));
        lines.add(row.get(0).asText() + shape);
      }
    }
    return lines;
  }

  private static List<String> lines(TensorLayout layout) {
    return layout.entries().stream().map(entry -> entry.name() + entry.shape()).toList();
  }

  @Test
  void sizesAreThePublishedOnes() {
    assertEquals(11_689_512, spec("resnet18").parameters().size());
    assertEquals(25_557_032, spec("resnet50").parameters().size());
    assertEquals(2048, spec("resnet50").featureWidth());
    assertEquals(
        21_797_672,
        new EncoderSpec(
                EncoderSpec.Kind.BASIC,
                List.of(3, 4, 6, 3),
                64,
                EncoderSpec.Stem.IMAGENET,
                List.of(1000))
            .parameters()
            .size());
  }

  @Test
  void whatIsUnknownIsNamedWithWhatIsKnown() {
    IllegalArgumentException arch =
        assertThrows(
            IllegalArgumentException.class,
            () -> EncoderSpec.moco("resnet19", 64, "cifar", 0, 128));
    assertTrue(arch.getMessage().contains("resnet19"), arch.getMessage());
    assertTrue(arch.getMessage().contains("resnet50"), arch.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> EncoderSpec.moco("resnet18", 64, "mnist", 0, 128));
    assertThrows(
        IllegalArgumentException.class, () -> EncoderSpec.moco("resnet18", 0, "cifar", 0, 128));
  }
}
