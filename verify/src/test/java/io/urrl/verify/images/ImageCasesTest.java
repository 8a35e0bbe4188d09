package io.urrl.verify.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.augment.kernel.KernelSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every operation and every kind of JPEG against recorded results of PIL and torchvision, and every
 * corruption against those of the published generator.
 */
class ImageCasesTest {

  /** The augment workers' tests read some of them, too. */
  private static final Path GOLDEN = Path.of("../augment-workers/src/test/resources/golden");

  @ParameterizedTest
  @CsvSource({
    "cases.json, SCALAR", "cases.json, VECTOR",
    "corrupt/cases.json, SCALAR", "corrupt/cases.json, VECTOR",
    "inputs/cases.json, SCALAR"
  })
  void givesTheReferencesPixels(String name, KernelSet kernels, @TempDir Path out)
      throws Exception {
    Path golden = GOLDEN.resolve(name);
    ImageCases.Result result = ImageCases.run(golden, out, kernels);
    assertEquals(Map.of(), result.unknown());
    JsonNode cases = new ObjectMapper().readTree(golden.toFile()).get("cases");
    assertEquals(cases.size(), result.written() + result.refused());
    assertEquals(List.of(), result.wrong());
    assertEquals(cases.size(), result.right());
  }

  @Test
  void saysWhichCasesAreWrong(@TempDir Path folder) throws Exception {
    Path golden = GOLDEN.resolve("inputs/cases.json");
    for (String part : List.of("in", "out")) {
      Files.createDirectories(folder.resolve(part));
      try (Stream<Path> files = Files.list(golden.resolveSibling(part))) {
        for (Path file : files.toList()) {
          Files.copy(file, folder.resolve(part).resolve(file.getFileName()));
        }
      }
    }
    Path cases = folder.resolve("cases.json");
    Files.writeString(
        cases,
        """
        {"cases": [
          {"op": "decode", "input": "in/os2v2.bmp", "output": "out/os2v2.bmp.png", "tolerance": 0},
          {"op": "decode", "input": "in/os2v2.bmp", "output": "out/cut1.png.png", "tolerance": 0},
          {"op": "decode", "input": "in/zero-mask.bmp", "output": "out/x.png", "tolerance": 0},
          {"op": "decode", "input": "in/zero-mask.bmp", "refused": true},
          {"op": "decode", "input": "in/os2v2.bmp", "refused": true}
        ]}
        """);
    ImageCases.Result result = ImageCases.run(cases, folder.resolve("got"), KernelSet.SCALAR);
    assertEquals(2, result.right());
    assertEquals(1, result.refused());
    assertEquals(3, result.wrong().size());
    assertTrue(result.wrong().get(0).startsWith("out/cut1.png.png: "), result.wrong()::toString);
    assertTrue(result.wrong().get(1).startsWith("in/zero-mask.bmp: refused: "));
    assertEquals("in/os2v2.bmp: decoded, and should be refused", result.wrong().get(2));
  }
}
