package io.urrl.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.launch.command.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * The whole system and the bare loop in processes of their own, as {@code bench step} runs them.
 */
final class BenchStepTest {

  @Test
  void bothStepsAreMeasured() throws IOException {
    String said =
        bench("--width=4", "--batch=8", "--queue=64", "--steps=2", "--warmup=1", "--rounds=1");
    JsonNode line = new ObjectMapper().readTree(said.lines().toList().getLast());
    double whole = line.get("median_s").asDouble();
    double bare = line.get("bare_median_s").asDouble();
    assertTrue(whole > 0 && bare > 0, said);
    assertEquals(whole / bare, line.get("ratio").asDouble(), 1e-9);
    assertEquals(8 / whole, line.get("images_per_s").asDouble(), 1e-9);
  }

  @Test
  void noRoundsAtAllAreRefused() {
    assertEquals(2, Main.run("bench", "step", "--rounds=0"));
  }

  private static String bench(String... flags) {
    String[] arguments = new String[flags.length + 2];
    arguments[0] = "bench";
    arguments[1] = "step";
    System.arraycopy(flags, 0, arguments, 2, flags.length);
    PrintStream real = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(captured);
      assertEquals(0, Main.run(arguments));
    } finally {
      System.setOut(real);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
