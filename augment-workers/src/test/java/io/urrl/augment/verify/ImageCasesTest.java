package io.urrl.augment.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.tensor.Npy;
import io.urrl.augment.kernel.KernelSet;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every operation and every kind of JPEG against recorded results of PIL and torchvision, and every
 * corruption against those of the published generator.
 */
class ImageCasesTest {

  @ParameterizedTest
  @CsvSource({
    "/golden/cases.json, SCALAR", "/golden/cases.json, VECTOR",
    "/golden/corrupt/cases.json, SCALAR", "/golden/corrupt/cases.json, VECTOR"
  })
  void givesTheReferencesPixels(String resource, KernelSet kernels, @TempDir Path out)
      throws Exception {
    Path golden = Path.of(ImageCasesTest.class.getResource(resource).toURI());
    ImageCases.Result result = ImageCases.run(golden, out, kernels);
    assertEquals(Map.of(), result.unknown());
    JsonNode cases = new ObjectMapper().readTree(golden.toFile()).get("cases");
    assertEquals(cases.size(), result.written());
    for (JsonNode one : cases) {
      String output = one.get("output").asText();
      double[] gaps = gaps(golden.resolveSibling(output), out.resolve(output));
      double worst = Arrays.stream(gaps).max().orElseThrow();
      assertTrue(worst <= one.get("tolerance").asDouble(), () -> output + " differs by " + worst);
      double share = Arrays.stream(gaps).filter(gap -> gap > 0).count() / (double) gaps.length;
      double allowed = one.path("max_mismatch_fraction").asDouble(1);
      assertTrue(share <= allowed, () -> output + " differs in a share of " + share);
    }
  }

  private static double[] gaps(Path expected, Path found) throws Exception {
    boolean array = expected.toString().endsWith(".npy");
    double[] gold = array ? Npy.read(expected).toDoubles() : values(expected);
    double[] got = array ? Npy.read(found).toDoubles() : values(found);
    assertEquals(gold.length, got.length);
    Arrays.setAll(gold, i -> Math.abs(gold[i] - got[i]));
    return gold;
  }

  private static double[] values(Path file) throws Exception {
    BufferedImage image = ImageIO.read(file.toFile());
    int width = image.getWidth();
    double[] values = new double[2 + 3 * width * image.getHeight()];
    int at = 0;
    values[at++] = width;
    values[at++] = image.getHeight();
    for (int rgb : image.getRGB(0, 0, width, image.getHeight(), null, 0, width)) {
      values[at++] = rgb >> 16 & 0xFF;
      values[at++] = rgb >> 8 & 0xFF;
      values[at++] = rgb & 0xFF;
    }
    return values;
  }
}
