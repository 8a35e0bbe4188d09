package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step-by-step record: appended, cut back, and found torn. */
final class JsonLinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void place() {
    file = directory.resolve("metrics.jsonl");
  }

  @Test
  void aLineIsInTheFileWhenAppendReturns() throws IOException {
    try (JsonLines lines = new JsonLines(file)) {
      lines.append(line(0, 4.25));
      assertEquals(List.of("{\"step\":0,\"loss\":4.25}"), Files.readAllLines(file));
    }
  }

  @Test
  void numbersKeepAllTheirDigits() throws IOException {
    double value = 0.1 + 0.2;
    try (JsonLines lines = new JsonLines(file)) {
      lines.append(line(0, value));
      lines.append(line(1, Math.nextUp(4.0)));
    }
    List<String> all = Files.readAllLines(file);
    assertTrue(all.get(0).contains(Double.toString(value)), all.get(0));
    assertEquals(Math.nextUp(4.0), JSON.readTree(all.get(1)).get("loss").asDouble());
  }

  @Test
  void goesOnBehindWhatIsThere() throws IOException {
    write(0, 1, 2);
    try (JsonLines lines = new JsonLines(file)) {
      lines.append(line(3, 1));
    }
    assertEquals(List.of(0L, 1L, 2L, 3L), steps());
  }

  @Test
  void truncationDropsTheStepAndAllLaterOnes() throws IOException {
    write(0, 1, 2, 3);
    try (JsonLines lines = new JsonLines(file)) {
      lines.truncateFrom(2);
      lines.append(line(2, 5));
    }
    assertEquals(List.of(0L, 1L, 2L), steps());
    assertTrue(Files.readString(file).endsWith("{\"step\":2,\"loss\":5.0}\n"));
  }

  @Test
  void truncationBehindTheEndKeepsAll() throws IOException {
    write(0, 1);
    try (JsonLines lines = new JsonLines(file)) {
      lines.truncateFrom(2);
    }
    assertEquals(List.of(0L, 1L), steps());
  }

  /** Wherever a crash tears the last line, what stays are the whole lines before the step. */
  @Test
  void aTornLineIsDroppedWhereverItWasTorn() throws IOException {
    write(0, 1, 2);
    byte[] whole = Files.readAllBytes(file);
    int lineLength = whole.length / 3;
    for (int length = 2 * lineLength; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (JsonLines lines = new JsonLines(file)) {
        lines.truncateFrom(3);
        lines.append(line(2, 7));
      }
      assertEquals(List.of(0L, 1L, 2L), steps(), "torn at " + length);
    }
  }

  /** Evaluations come in any order: those of earlier steps stay wherever they stand. */
  @Test
  void linesOutOfOrderStayWhenTheirStepDoes() throws IOException {
    write(1, 5, 2, 6, 3);
    try (JsonLines lines = new JsonLines(file)) {
      lines.truncateFrom(4);
      lines.append(line(4, 1));
    }
    assertEquals(List.of(1L, 2L, 3L, 4L), steps());
  }

  @Test
  void twoMayAppendToTheSameFile() throws IOException {
    try (JsonLines one = new JsonLines(file);
        JsonLines other = new JsonLines(file)) {
      one.append(line(0, 1));
      other.append(line(1, 1));
      one.append(line(2, 1));
    }
    assertEquals(List.of(0L, 1L, 2L), steps());
  }

  @Test
  void anEmptyFileHasNothingToDrop() throws IOException {
    try (JsonLines lines = new JsonLines(file)) {
      lines.truncateFrom(0);
    }
    assertEquals(0, Files.size(file));
  }

  @Test
  void aFullDiskIsOneLineWithARemedy() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "no /dev/full here");
    try (JsonLines lines = new JsonLines(full)) {
      IOException failure = assertThrows(IOException.class, () -> lines.append(line(0, 1)));
      String text = failure.getMessage();
      assertTrue(text.startsWith("/dev/full"), text);
      assertTrue(text.contains("No space left") && text.contains("--resume"), text);
      assertEquals(1, text.lines().count());
    }
  }

  private void write(long... steps) throws IOException {
    try (JsonLines lines = new JsonLines(file)) {
      for (long step : steps) {
        lines.append(line(step, 1));
      }
    }
  }

  private List<Long> steps() throws IOException {
    return Files.readAllLines(file).stream().map(JsonLinesTest::step).toList();
  }

  private static long step(String line) {
    try {
      return JSON.readTree(line).get("step").asLong();
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }

  private static ObjectNode line(long step, double loss) {
    return JSON.createObjectNode().put("step", step).put("loss", loss);
  }
}
