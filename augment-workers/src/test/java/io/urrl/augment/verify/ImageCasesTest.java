package io.urrl.augment.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.tensor.Npy;
import io.urrl.augment.kernel.KernelSet;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation and every kind of JPEG against recorded results of PIL and torchvision. */
class ImageCasesTest {

  @ParameterizedTest
  @EnumSource(KernelSet.class)
  void givesThePixelsOfPilAndTorchvision(KernelSet kernels, @TempDir Path out) throws Exception {
    Path golden = Path.of(ImageCasesTest.class.getResource("/golden/cases.json").toURI());
    ImageCases.Result result = ImageCases.run(golden, out, kernels);
    assertEquals(Map.of(), result.unknown());
    JsonNode cases = new ObjectMapper().readTree(golden.toFile()).get("cases");
    assertEquals(cases.size(), result.written());
    for (JsonNode one : cases) {
      String output = one.get("output").asText();
      double worst =
          output.endsWith(".npy")
              ? gap(golden.resolveSibling(output), out.resolve(output))
              : pixelGap(golden.resolveSibling(output), out.resolve(output));
      assertTrue(worst <= one.get("tolerance").asDouble(), () -> output + " differs by " + worst);
    }
  }

  private static double gap(Path expected, Path found) throws Exception {
    float[] gold = Npy.read(expected).toFloats();
    float[] got = Npy.read(found).toFloats();
    assertEquals(gold.length, got.length);
    double worst = 0;
    for (int i = 0; i < gold.length; i++) {
      worst = Math.max(worst, Math.abs(gold[i] - got[i]));
    }
    return worst;
  }

  private static double pixelGap(Path expected, Path found) throws Exception {
    BufferedImage gold = ImageIO.read(expected.toFile());
    BufferedImage got = ImageIO.read(found.toFile());
    assertEquals(gold.getWidth(), got.getWidth());
    assertEquals(gold.getHeight(), got.getHeight());
    int worst = 0;
    for (int y = 0; y < gold.getHeight(); y++) {
      for (int x = 0; x < gold.getWidth(); x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          int a = gold.getRGB(x, y) >> shift & 0xFF;
          int b = got.getRGB(x, y) >> shift & 0xFF;
          worst = Math.max(worst, Math.abs(a - b));
        }
      }
    }
    return worst;
  }
}
