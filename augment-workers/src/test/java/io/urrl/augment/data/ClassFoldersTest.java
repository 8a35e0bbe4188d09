package io.urrl.augment.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {
  @TempDir private Path folder;

  private void picture(String path, String format) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB), format, file.toFile());
  }

  @Test
  void findsPartsAndClassesByThemselves() throws Exception {
    picture("train/cat/b.JPEG", "jpg");
    picture("train/cat/a.png", "png");
    picture("train/ant/x.jpg", "jpg");
    picture("val/ant/y.jpg", "jpg");
    ClassFolders train = ClassFolders.open(folder, Split.TRAIN);
    assertEquals(3, train.size());
    assertEquals("ant", train.className(train.label(0)));
    assertTrue(train.name(1).endsWith("a.png"));
    Picture read = new Picture();
    train.read(2, read);
    assertEquals(9, read.width());
    assertEquals(1, ClassFolders.open(folder, Split.TEST).size());
  }

  @Test
  void namesWhatIsWrong() throws Exception {
    DataException missing =
        assertThrows(
            DataException.class, () -> ClassFolders.open(folder.resolve("nowhere"), Split.TRAIN));
    assertTrue(missing.getMessage().contains("does not exist"));
    picture("train/cat/a.png", "png");
    Files.createDirectories(folder.resolve("train/dog"));
    DataException empty =
        assertThrows(DataException.class, () -> ClassFolders.open(folder, Split.TRAIN));
    assertTrue(empty.getMessage().contains("dog holds no .jpg"), empty::getMessage);
    DataException noTest =
        assertThrows(DataException.class, () -> ClassFolders.open(folder, Split.TEST));
    assertTrue(noTest.getMessage().contains("neither test/ nor val/"));
  }

  @Test
  void aBrokenPictureIsNamedAndTheNextTakesItsPlace() throws Exception {
    picture("train/cat/a.jpg", "jpg");
    picture("train/cat/c.jpg", "jpg");
    byte[] whole = Files.readAllBytes(folder.resolve("train/cat/a.jpg"));
    Files.write(folder.resolve("train/cat/b.jpg"), Arrays.copyOf(whole, whole.length - 40));
    Files.writeString(folder.resolve("train/cat/d.jpg"), "no picture");
    ClassFolders set = ClassFolders.open(folder, Split.TRAIN);
    List<BrokenPictures.Broken> broken = new ArrayList<>();
    Picture picture = new Picture();
    assertEquals(2, new BrokenPictures(set).readOrSubstitute(1, picture, broken::add));
    assertEquals(0, new BrokenPictures(set).readOrSubstitute(3, picture, broken::add));
    assertEquals(List.of(1, 3), broken.stream().map(BrokenPictures.Broken::sample).toList());
    assertTrue(broken.getFirst().reason().startsWith("truncated"), () -> broken.toString());
  }

  @Test
  void aFileThatIsGoneIsNoBrokenPicture() throws Exception {
    picture("train/cat/a.png", "png");
    picture("train/cat/b.png", "png");
    ClassFolders set = ClassFolders.open(folder, Split.TRAIN);
    Path gone = folder.resolve("train/cat/a.png");
    Files.delete(gone);
    DataException failure =
        assertThrows(
            DataException.class,
            () ->
                new BrokenPictures(set)
                    .readOrSubstitute(
                        0,
                        new Picture(),
                        broken -> {
                          throw new AssertionError(broken);
                        }));
    assertTrue(failure.getMessage().startsWith(gone + " is gone since"), failure::getMessage);
    assertThrows(DataException.class, () -> set.encoded(0));
    Files.createDirectory(gone);
    failure = assertThrows(DataException.class, () -> set.encoded(0));
    assertTrue(failure.getMessage().startsWith(gone + " cannot be read: "), failure::getMessage);
  }

  @Test
  void anotherSetHasAnotherFingerprint() throws Exception {
    picture("train/cat/a.jpg", "jpg");
    long before = ClassFolders.open(folder, Split.TRAIN).fingerprint();
    picture("train/cat/b.jpg", "jpg");
    assertTrue(before != ClassFolders.open(folder, Split.TRAIN).fingerprint());
  }
}
