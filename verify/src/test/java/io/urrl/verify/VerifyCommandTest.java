package io.urrl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.command.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The command as the command line finds it. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
final class VerifyCommandTest {
  private record Said(int code, String text) {}

  private static Said run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(captured);
      System.setErr(captured);
      return new Said(Main.run(arguments), bytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void picturesAreComparedAndTheirOutputsKept(@TempDir Path out) {
    Path cases = Path.of("../augment-workers/src/test/resources/golden/inputs");
    Said said = run("verify", "images", "--cases=" + cases, "--out=" + out);
    assertEquals(0, said.code(), said.text());
    assertTrue(said.text().contains(" 0 wrong"), said.text());
    assertTrue(Files.exists(out.resolve("out")), said.text());
  }

  @Test
  void learningCasesAreRunByTheirNames(@TempDir Path place) throws Exception {
    Path inputs = Files.createDirectory(place.resolve("fused_optimiser"));
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("src/test/resources/learning/fused_optimiser"))) {
      for (Path file : files) {
        Files.copy(file, inputs.resolve(file.getFileName()));
      }
    }
    Files.writeString(place.resolve("cases.json"), "{\"cases\": [\"fused_optimiser\", \"more\"]}");
    Path out = place.resolve("got");
    Said said = run("verify", "learning", "--cases=" + place, "--out=" + out);
    assertEquals(0, said.code(), said.text());
    assertEquals("done: fused_optimiser\nnot known: more\n", said.text());
    assertTrue(Files.exists(out.resolve("fused_optimiser/param_after.npy")));
  }

  @Test
  void aMissingOptionIsOneLine() {
    Said said = run("verify", "images");
    assertEquals(2, said.code());
    assertEquals(1, said.text().lines().count(), said.text());
    assertTrue(said.text().contains("--cases"), said.text());
  }

  @Test
  void missingCasesAreNamed(@TempDir Path place) {
    Said said = run("verify", "images", "--cases=" + place.resolve("none/cases.json"));
    assertEquals(1, said.code());
    assertTrue(said.text().contains("cases.json cannot be run: does not exist"), said.text());
  }

  @Test
  void theHelpOfEveryToolHasExamples() {
    for (String[] command :
        new String[][] {
          {"verify"}, {"verify", "images"}, {"verify", "learning"}, {"bench"}, {"bench", "views"}
        }) {
      String[] asked = Arrays.copyOf(command, command.length + 1);
      asked[command.length] = "--help";
      Said said = run(asked);
      assertEquals(0, said.code(), said.text());
      assertTrue(said.text().contains("Example"), said.text());
    }
  }
}
