package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.RunNews;
import io.urrl.launch.config.Settings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that cannot be decoded are replaced; those that only cannot be read are not. */
@Timeout(180)
class UnreadablePicturesTest {
  private static final int PICTURES = 40;

  @TempDir private Path folder;

  @Test
  void aFileThatVanishesFailsTheRunAndIsNamed() throws Exception {
    Path pictures = makePictures();
    RunNews.Outcome outcome =
        Runs.run(
            settings(Map.of("train.max-steps", "1000")),
            folder.resolve("run"),
            false,
            step -> {
              if (step == 2) {
                deleteAll(pictures);
              }
            });
    String text = assertInstanceOf(RunNews.Outcome.Broken.class, outcome).text();
    assertTrue(text.startsWith(pictures.toString()), text);
    assertTrue(text.contains(" is gone since the data set was listed"), text);
    assertTrue(text.contains("(tried twice; the last checkpoint: "), text);
    assertEquals(1, text.lines().count(), text);
  }

  @Test
  void filesThatNoDecoderExpectsAreReplaced() throws Exception {
    Path pictures = makePictures();
    try (var mask = UnreadablePicturesTest.class.getResourceAsStream("/zero-mask.bmp")) {
      Files.write(pictures.resolve("07.png"), mask.readAllBytes());
    }
    RunNews.Outcome outcome =
        Runs.run(
            settings(Map.of("train.max-steps", "4", "data.max-broken", "0.5")),
            folder.resolve("run"),
            false,
            step -> {});
    assertInstanceOf(RunNews.Outcome.Done.class, outcome);
    String ledger = Files.readString(folder.resolve("run/ledger.jsonl"));
    assertTrue(ledger.contains("\"substitutes\":{\"7\":8}"), ledger);
  }

  private Settings settings(Map<String, String> more) {
    Map<String, String> keys = new HashMap<>(more);
    keys.put("data.source", folder.resolve("data").toString());
    return Runs.settings(keys);
  }

  private Path makePictures() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("data/train/one"));
    for (int number = 0; number < PICTURES; number++) {
      BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 400; i++) {
        image.setRGB(i % 20, i / 20, 0x10305 * (i + 7 * number));
      }
      ImageIO.write(image, "png", pictures.resolve("%02d.png".formatted(number)).toFile());
    }
    return pictures;
  }

  private static void deleteAll(Path pictures) {
    try (Stream<Path> files = Files.list(pictures)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
