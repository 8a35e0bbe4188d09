package io.urrl.augment.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.pack.Packing;
import io.urrl.augment.pack.Preparation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as people have them: deeper than a class, without classes, with names of any bytes. */
class FolderLayoutsTest {
  private static final Path FILES = Path.of("src/test/resources/decode");

  @TempDir private Path folder;

  private void picture(String... paths) throws IOException {
    for (String path : paths) {
      Path file = FileNames.resolve(folder, path);
      Files.createDirectories(file.getParent());
      Files.copy(FILES.resolve("png_2_8_plain.png"), file);
    }
  }

  private void text(String path, String content) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private EncodedPictures open(Split split) {
    return PictureSets.openEncoded(FileNames.text(folder), split);
  }

  /** Path and class of each picture; all can be read. */
  private static List<String> seen(EncodedPictures set) throws BrokenPictureException {
    Picture picture = new Picture();
    for (int sample = 0; sample < set.size(); sample++) {
      set.read(sample, picture);
      assertEquals(13, picture.width());
    }
    return IntStream.range(0, set.size())
        .mapToObj(
            sample ->
                set.path(sample)
                    + (set.label(sample) < 0 ? "" : " " + set.className(set.label(sample))))
        .toList();
  }

  private String refusal(Split split) {
    return assertThrows(DataException.class, () -> open(split)).getMessage();
  }

  @Test
  void picturesBelowAClassCountInTheOrderOfImageFolder() throws Exception {
    picture(
        "train/cat/z.png",
        "train/cat/b/1.png",
        "train/cat/b-c/2.png",
        "train/cat/b/d/0.png",
        "train/cat-b/3.png",
        "train/dog/images/4.png");
    assertEquals(
        List.of(
            "train/cat/z.png cat",
            "train/cat/b/1.png cat",
            "train/cat/b-c/2.png cat",
            "train/cat/b/d/0.png cat",
            "train/cat-b/3.png cat-b",
            "train/dog/images/4.png dog"),
        seen(open(Split.TRAIN)));
  }

  @Test
  void theFingerprintOfPlainClassFoldersStays() throws Exception {
    picture("train/ant/a.png", "train/bee/b.png", "train/bee/c.png");
    long size = Files.size(folder.resolve("train/ant/a.png"));
    Fingerprint print = new Fingerprint();
    print.add("ant").add(0).add("a.png").add(size);
    print.add("bee").add(1).add("b.png").add(size).add("c.png").add(size);
    assertEquals(print.value(), open(Split.TRAIN).fingerprint());
  }

  @Test
  void linksAreFollowedAndCirclesNamed() throws Exception {
    picture("elsewhere/1.png", "train/cat/0.png");
    Files.createSymbolicLink(folder.resolve("train/cat/more"), folder.resolve("elsewhere"));
    Files.createSymbolicLink(folder.resolve("train/dog"), folder.resolve("elsewhere"));
    assertEquals(
        List.of("train/cat/0.png cat", "train/cat/more/1.png cat", "train/dog/1.png dog"),
        seen(open(Split.TRAIN)));
    Files.createSymbolicLink(folder.resolve("train/cat/up"), folder.resolve("train"));
    assertTrue(refusal(Split.TRAIN).contains("links to a folder that it lies in"));
  }

  @Test
  void whatIsNotUsedIsCounted() throws Exception {
    picture("train/cat/1.png", "train/cat/.hidden.png", "train/loose.png", "val/cat/1.png");
    picture("train/.cache/2.png", "extra/3.png");
    text("train/cat/boxes.txt", "0 0 1 1");
    text("train/cat/animated.gif", "GIF89a");
    EncodedPictures train = open(Split.TRAIN);
    assertEquals(List.of("train/cat/1.png cat"), seen(train));
    String notices = String.join("; ", train.notices());
    assertTrue(notices.contains("the folder extra beside " + folder + "/train/"), notices);
    assertTrue(notices.contains("1 pictures in " + folder + "/train outside"), notices);
    assertTrue(notices.contains("2 files in " + folder + "/train that are no .jpg"), notices);
    assertTrue(notices.contains("the first is cat/animated.gif"), notices);
    assertTrue(notices.contains("2 hidden folders and pictures"), notices);
    assertEquals(List.of(), open(Split.TEST).notices());
  }

  private void tinyImageNet() throws IOException {
    picture("train/n01/images/n01_0.png", "train/n02/images/n02_0.png");
    text("train/n01/n01_boxes.txt", "n01_0.png\t0\t0\t1\t1");
    picture("val/images/val_0.png", "val/images/val_1.png", "val/images/val_2.png");
    picture("test/images/test_0.png");
    text(
        "val/val_annotations.txt",
        "val_0.png\tn02\t0\t0\t1\t1\nval_1.png\tn01\t0\t0\t1\t1\nval_2.png\tn02\t0\t0\t1\t1\n");
  }

  @Test
  void tinyImageNetIsRecognised() throws Exception {
    tinyImageNet();
    assertEquals(
        List.of("train/n01/images/n01_0.png n01", "train/n02/images/n02_0.png n02"),
        seen(open(Split.TRAIN)));
    EncodedPictures test = open(Split.TEST);
    assertEquals(
        List.of("val/images/val_1.png n01", "val/images/val_0.png n02", "val/images/val_2.png n02"),
        seen(test));
    assertEquals(2, test.classes());
    Files.delete(folder.resolve("val/images/val_1.png"));
    assertTrue(refusal(Split.TEST).contains("names val_1.png, which is not in"));
    picture("val/images/val_1.png", "val/images/val_3.png");
    assertTrue(refusal(Split.TEST).contains("val/images/val_3.png is not in"));
    Files.delete(folder.resolve("val/images/val_3.png"));
    text("val/val_annotations.txt", "val_0.png n09\nval_1.png n01\nval_2.png n01");
    assertTrue(refusal(Split.TEST).contains("class n09 has no counterpart"));
  }

  @Test
  void testPicturesWithClassesComeBeforeThoseWithout() throws Exception {
    picture("train/cat/1.png", "test/1.png", "val/cat/2.png");
    assertEquals(List.of("val/cat/2.png cat"), seen(open(Split.TEST)));
    picture("test/images/1.png");
    assertEquals(List.of("val/cat/2.png cat"), seen(open(Split.TEST)));
  }

  @Test
  void aFlatFolderIsASetWithoutClasses() throws Exception {
    picture("b.png", "a.png");
    text("captions.json", "{}");
    EncodedPictures set = open(Split.TRAIN);
    assertEquals(List.of("a.png", "b.png"), seen(set));
    assertEquals(0, set.classes());
    assertEquals(1, set.notices().size());
    assertFalse(PictureSets.hasTest(folder.toString()));
  }

  @Test
  void treesOfAnyDepthTrain() throws Exception {
    picture("2021/may/1.png", "2021/june/05/2.png", "2022/3.png");
    assertEquals(
        List.of("2021/june/05/2.png 2021", "2021/may/1.png 2021", "2022/3.png 2022"),
        seen(open(Split.TRAIN)));
    picture("0.png");
    EncodedPictures loose = open(Split.TRAIN);
    assertEquals(
        List.of("0.png", "2021/june/05/2.png", "2021/may/1.png", "2022/3.png"), seen(loose));
    assertTrue(loose.notices().getFirst().contains("outside of its folders"));
  }

  @Test
  void aFolderWithoutPicturesIsNoClassOfASetThatNeedsNone() throws Exception {
    picture("images/1.png", "images/2.png");
    text("annotations/1.xml", "<annotation/>");
    EncodedPictures set = open(Split.TRAIN);
    assertEquals(List.of("images/1.png", "images/2.png"), seen(set));
    assertEquals(0, set.classes());
    assertTrue(set.notices().getFirst().contains("annotations holds no pictures"));
  }

  @Test
  void emptyClassesAreNamedWhereClassesCount() throws Exception {
    picture("train/cat/1.png", "val/cat/1.png");
    text("train/dog/1.txt", "");
    assertTrue(refusal(Split.TRAIN).contains("class folder " + folder + "/train/dog holds no"));
    Files.createDirectories(folder.resolve("val/fox"));
    picture("val/fox/1.png");
    assertTrue(refusal(Split.TEST).contains("class folder " + folder + "/val/fox has no"));
  }

  @Test
  void flatTrainAndTestFoldersTrain() throws Exception {
    picture("train/cat.0.png", "train/dog.0.png", "test/1.png");
    assertEquals(List.of("train/cat.0.png", "train/dog.0.png"), seen(open(Split.TRAIN)));
    EncodedPictures test = open(Split.TEST);
    assertEquals(List.of("test/1.png"), seen(test));
    assertEquals(0, test.classes());
  }

  @Test
  void nothingAtAllIsRefusedWithWhatIsThere() throws Exception {
    text("shard-000.tar.gz", "");
    assertTrue(refusal(Split.TRAIN).contains("shard-000.tar.gz is compressed"));
    text("a.txt", "");
    assertTrue(refusal(Split.TRAIN).contains("such as a.txt"));
  }

  @Test
  void namesMayHaveAnyBytes() throws Exception {
    String latin = FileNames.text("caf\u00E9".getBytes(StandardCharsets.ISO_8859_1));
    folder = FileNames.resolve(folder, "d\u00E9" + latin);
    picture("train/\u00E9t\u00E9/1.png", "train/" + latin + "/" + latin + ".png");
    picture("train/" + latin + "/\u65E5\u672C.png", "val/" + latin + "/2.png");
    List<String> wanted =
        List.of(
            "train/" + latin + "/" + latin + ".png " + latin,
            "train/" + latin + "/\u65E5\u672C.png " + latin,
            "train/\u00E9t\u00E9/1.png \u00E9t\u00E9");
    assertEquals(wanted, seen(open(Split.TRAIN)));
    assertTrue(FileNames.shown(open(Split.TRAIN).name(0)).endsWith("caf\\xE9/caf\\xE9.png"));
    Path pack = FileNames.resolve(folder, latin + ".urrl");
    pack(pack);
    String source = FileNames.text(pack);
    assertEquals(wanted, seen(PictureSets.openEncoded(source, Split.TRAIN)));
    assertEquals(
        open(Split.TRAIN).fingerprint(), PictureSets.open(source, Split.TRAIN).fingerprint());
    assertEquals("val/" + latin + "/2.png", PictureSets.openEncoded(source, Split.TEST).path(0));
    Files.createDirectories(FileNames.resolve(folder, "train/" + latin + "2"));
    assertTrue(refusal(Split.TRAIN).contains("/train/caf\\xE92 holds no"));
  }

  private void pack(Path file) {
    Packing.pack(
        FileNames.text(folder),
        EnumSet.allOf(Split.class),
        file,
        new Preparation(0, false),
        1,
        (done, total) -> {});
  }

  @Test
  void setsWithoutClassesCanBePacked() throws Exception {
    picture("train/a/1.png", "train/2.png", "test/3.png");
    Path pack = folder.resolve("all.urrl");
    pack(pack);
    for (Split split : Split.values()) {
      EncodedPictures packed = PictureSets.openEncoded(pack.toString(), split);
      assertEquals(seen(open(split)), seen(packed));
      assertEquals(0, packed.classes());
      assertEquals(open(split).fingerprint(), packed.fingerprint());
    }
  }
}
