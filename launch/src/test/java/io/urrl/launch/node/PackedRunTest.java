package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.RunNews;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.launch.UserException;
import io.urrl.launch.command.Main;
import io.urrl.launch.config.Settings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run does not notice whether its pictures are in class folders or in a pack. */
@Timeout(180)
class PackedRunTest {
  private static final int SAMPLES = 41;

  @TempDir private Path folder;

  @Test
  void aPackGivesTheBitsOfItsClassFoldersAndMayTakeTheirPlace() throws Exception {
    Path data = folder.resolve("data");
    makeClassFolders(data);
    Path packed = folder.resolve("data.urrl");
    assertEquals(0, Main.run("data", "pack", data.toString(), "--out", packed.toString()));
    assertEquals(0, Main.run("data", "verify", packed.toString()));
    assertEquals(0, Main.run("data", "show", packed.toString()));
    Runs.Left folders = run(data, "folders", 12, false);
    assertEquals(folders, run(packed, "pack", 12, false));
    run(data, "both", 7, false);
    assertEquals(folders, run(packed, "both", 12, true));
  }

  @Test
  void aResizedPackIsAnotherDataSet() throws Exception {
    Path data = folder.resolve("data");
    makeClassFolders(data);
    Path small = folder.resolve("small.urrl");
    String[] pack = {
      "data", "pack", data.toString(), "--out", small.toString(), "--shorter-side", "20"
    };
    assertEquals(0, Main.run(pack));
    run(data, "run", 2, false);
    UserException refused = assertThrows(UserException.class, () -> run(small, "run", 4, true));
    assertTrue(refused.getMessage().contains("is not the data set"), refused::getMessage);
  }

  private Runs.Left run(Path source, String name, int steps, boolean resume) throws Exception {
    Settings settings =
        Runs.settings(
            Map.of(
                "data.source",
                source.toString(),
                "data.max-broken",
                "0.5",
                "train.max-steps",
                Integer.toString(steps)));
    Path path = folder.resolve(name);
    RunNews.Outcome outcome = Runs.run(settings, path, resume, step -> {});
    assertTrue(outcome instanceof RunNews.Outcome.Done, outcome::toString);
    Runs.Left left = Runs.left(settings, path, SAMPLES);
    assertEquals(List.of(), left.audit().faults());
    return left;
  }

  /** Drawn shapes as files of two kinds, and one that is no picture. */
  private static void makeClassFolders(Path data) throws IOException, BrokenPictureException {
    PictureSet shapes = PictureSets.open("shapes", Split.TRAIN);
    Picture picture = new Picture();
    for (int sample = 0; sample < SAMPLES - 1; sample++) {
      shapes.read(sample, picture);
      BufferedImage image =
          new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < picture.width() * picture.height(); i++) {
        int rgb =
            (picture.data()[3 * i] & 0xFF) << 16
                | (picture.data()[3 * i + 1] & 0xFF) << 8
                | (picture.data()[3 * i + 2] & 0xFF);
        image.setRGB(i % picture.width(), i / picture.width(), rgb);
      }
      String kind = sample % 3 == 0 ? "png" : "jpg";
      Path file =
          data.resolve("train")
              .resolve(shapes.className(shapes.label(sample)))
              .resolve(sample + "." + kind);
      Files.createDirectories(file.getParent());
      ImageIO.write(image, kind, file.toFile());
    }
    Files.writeString(
        data.resolve("train").resolve(shapes.className(0)).resolve("x.jpg"), "no picture");
  }
}
