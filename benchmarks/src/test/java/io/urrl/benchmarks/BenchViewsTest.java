package io.urrl.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.launch.command.Main;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The line of results that {@code bench views} prints. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
final class BenchViewsTest {
  private static final int BATCH = 64;

  @TempDir private Path folder;

  @BeforeEach
  void drawPictures() throws IOException {
    Path below = Files.createDirectories(folder.resolve("a/class"));
    for (int i = 0; i < 3; i++) {
      BufferedImage image = new BufferedImage(20 + i, 30, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i, i, 0xFFFFFF);
      ImageIO.write(image, "png", below.resolve(i + ".PNG").toFile());
    }
    Files.writeString(below.resolve("notes.txt"), "no picture");
  }

  private static String bench(int code, Path images, String... flags) {
    List<String> arguments = new ArrayList<>(List.of("bench", "views", "--images=" + images));
    arguments.addAll(List.of("--size=16", "--seconds=0.2", "--warm-up=0"));
    arguments.addAll(List.of(flags));
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(captured);
      System.setErr(captured);
      assertEquals(code, Main.run(arguments.toArray(String[]::new)));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return bytes.toString(StandardCharsets.UTF_8).strip();
  }

  private JsonNode line(String... flags) throws IOException {
    return new ObjectMapper().readTree(bench(0, folder, flags));
  }

  @Test
  void decodingOnTheWayTakesItsShare() throws IOException {
    JsonNode line = line("--threads=2", "--transform=trob");
    assertEquals(3, line.get("pictures").asInt());
    assertEquals(2, line.get("threads").asInt());
    assertEquals("trob", line.get("transform").asText());
    assertFalse(line.get("predecoded").asBoolean());
    double share = line.get("decode_share").asDouble();
    assertTrue(share > 0 && share < 1, "share " + share);
    long pairs = line.get("pairs").asLong();
    assertTrue(pairs > 0);
    assertTrue(line.get("batches").asLong() <= pairs / BATCH);
    double rate = line.get("pairs_per_second").asDouble();
    assertEquals(pairs / line.get("seconds").asDouble(), rate, 0.01 * rate);
  }

  @Test
  void picturesDecodedBeforehandCostNothing() throws IOException {
    JsonNode line = line("--predecoded", "--limit=2");
    assertEquals(2, line.get("pictures").asInt());
    assertEquals(0, line.get("decode_share").asDouble());
    assertTrue(line.get("predecoded").asBoolean());
    assertTrue(line.get("cpu_seconds").asDouble() > 0);
  }

  @Test
  void aPictureThatCannotBeReadIsNamed() throws IOException {
    Files.writeString(folder.resolve("torn.jpg"), "no JPEG");
    String said = bench(1, folder, "--limit=0");
    assertTrue(said.contains("torn.jpg cannot be read"), said);
    assertEquals(1, said.lines().count(), said);
  }

  @Test
  void aFolderWithoutPicturesIsNamed() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    String said = bench(1, empty);
    assertTrue(said.contains("no JPEG or PNG under " + empty), said);
  }
}
