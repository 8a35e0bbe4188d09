package io.urrl.augment.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.Picture;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarShardsTest {
  private static final Path FILES = Tar.FILES;
  private static final Charset LATIN_1 = StandardCharsets.ISO_8859_1;

  @TempDir private Path folder;

  private void shards() throws IOException {
    new Tar()
        .sample("a/001", "a_q75_420.jpg", 2)
        .add("a/001.json", "{}".getBytes(StandardCharsets.UTF_8))
        .sample("a/002", "png_2_8_plain.png", 0)
        .write(folder.resolve("train-000.tar"));
    new Tar().write(folder.resolve("train-001.tar"));
    new Tar().sample("b.with/003", "webp_q80.webp", 1).write(folder.resolve("train-002.tar"));
    new Tar().sample("004", "a_cmyk.jpg", 4).write(folder.resolve("val-000.tar"));
  }

  private static void requireReads(PictureSet set, int... sides) throws Exception {
    Picture picture = new Picture();
    for (int sample = 0; sample < sides.length; sample++) {
      set.willRead(sample);
      set.read(sample, picture);
      assertEquals(sides[sample], picture.width(), set.name(sample));
    }
    assertEquals(sides.length, set.size());
  }

  @Test
  void readsADirectoryOfShards() throws Exception {
    shards();
    PictureSet train = PictureSets.open(folder.toString(), Split.TRAIN);
    requireReads(train, 67, 13, 35);
    assertEquals(List.of(2, 0, 1), IntStream.range(0, 3).map(train::label).boxed().toList());
    assertEquals(4, train.classes(), "the test part has a class of its own");
    assertTrue(train.name(2).endsWith("train-002.tar:b.with/003.webp"));
    PictureSet test = PictureSets.open(folder.toString(), Split.TEST);
    requireReads(test, 67);
    assertEquals(4, test.classes());
    assertEquals("4", test.className(test.label(0)));
  }

  @Test
  void readsPatternsOfShards() throws Exception {
    shards();
    requireReads(PictureSets.open(folder + "/train-*.tar", Split.TRAIN), 67, 13, 35);
    requireReads(PictureSets.open(folder + "/{train,val}-00{1..2}*.tar", Split.TRAIN), 35);
    requireReads(PictureSets.open(folder + "/train-{000..002}.tar", Split.TRAIN), 67, 13, 35);
    DataException missing =
        assertThrows(
            DataException.class,
            () -> PictureSets.open(folder + "/train-{001..003}.tar", Split.TRAIN));
    assertTrue(missing.getMessage().contains("train-003.tar does not exist"), missing::getMessage);
    DataException noTest =
        assertThrows(
            DataException.class, () -> PictureSets.open(folder + "/train-*.tar", Split.TEST));
    assertTrue(noTest.getMessage().contains("no test shards"), noTest::getMessage);
  }

  @Test
  void keepsItsIndexUntilTheShardChanges() throws Exception {
    Path shard = folder.resolve("train-0.tar");
    new Tar().sample("one", "a_q75_420.jpg", 0).write(shard);
    Files.setLastModifiedTime(shard, FileTime.from(Instant.now().minusSeconds(60)));
    long before = PictureSets.open(shard.toString(), Split.TRAIN).fingerprint();
    Path index = folder.resolve("train-0.tar.index");
    FileTime made = Files.getLastModifiedTime(index);
    byte[] bytes = Files.readAllBytes(index);
    assertEquals(before, PictureSets.open(shard.toString(), Split.TRAIN).fingerprint());
    assertEquals(made, Files.getLastModifiedTime(index));
    bytes[30] ^= 1;
    Files.write(index, bytes);
    assertEquals(before, PictureSets.open(shard.toString(), Split.TRAIN).fingerprint());
    new Tar().sample("one", "a_q75_420.jpg", 0).sample("two", "a_gray.jpg", 1).write(shard);
    assertEquals(2, PictureSets.open(shard.toString(), Split.TRAIN).size());
  }

  /** Two states of a shard may have one length and, written at once, one time of change. */
  @Test
  void keepsNoIndexOfAShardThatChangedJustNow() throws Exception {
    Path shard = folder.resolve("train-0.tar");
    new Tar().sample("one", "a_q75_420.jpg", 0).write(shard);
    FileTime time = Files.getLastModifiedTime(shard);
    PictureSet before = PictureSets.open(shard.toString(), Split.TRAIN);
    new Tar().sample("two", "a_q75_420.jpg", 0).write(shard);
    Files.setLastModifiedTime(shard, time);
    PictureSet after = PictureSets.open(shard.toString(), Split.TRAIN);
    assertTrue(before.name(0).endsWith("one.jpg"), before.name(0));
    assertTrue(after.name(0).endsWith("two.jpg"), after.name(0));
  }

  @Test
  void readsLongNames() throws Exception {
    String key = "deep/".repeat(40) + "key";
    byte[] picture = Files.readAllBytes(FILES.resolve("a_q75_420.jpg"));
    String path = key + ".jpg";
    String record = " path=" + path + "\n";
    int length = record.length() + 3;
    new Tar()
        .member("pax", 'x', (length + record).getBytes(StandardCharsets.UTF_8))
        .add("short.jpg", picture)
        .member("././@LongLink", 'L', (key + ".cls\0").getBytes(StandardCharsets.UTF_8))
        .add("short.cls", new byte[] {'3'})
        .write(folder.resolve("train.tar"));
    PictureSet set = PictureSets.open(folder.toString(), Split.TRAIN);
    requireReads(set, 67);
    assertEquals("3", set.className(set.label(0)));
    assertTrue(set.name(0).endsWith(path));
  }

  @Test
  void theFilesOwnNameDecidesThePart() {
    String[] train = {
      "testing/train-000.tar",
      "val/imagenet-train-1.tar",
      "validated/000.tar",
      "values-000.tar",
      "latest.tar",
      "x/trainval-0.tar",
      "TEST/train.tar",
      "data/000.tar",
      "training_test-1.tar"
    };
    String[] test = {
      "train/val-000.tar",
      "x/imagenet1k-validation-00.tar",
      "val/000.tar",
      "val2017.tar",
      "x/test_0.tar",
      "Testing/000.tar",
      "x/VAL-0.tar",
      "valid/a.tar",
      "x/mini-test-train.tar"
    };
    for (String name : train) {
      assertEquals(Split.TRAIN, ShardPattern.splitOf(Path.of("/d", name)), name);
    }
    for (String name : test) {
      assertEquals(Split.TEST, ShardPattern.splitOf(Path.of("/d", name)), name);
    }
  }

  @Test
  void shardsLieInTheDirectoryOrInItsParts() throws Exception {
    new Tar().sample("a", "a_q75_420.jpg", 0).write(folder.resolve("train/0.tar"));
    new Tar().sample("b", "a_q75_420.jpg", 0).write(folder.resolve("validation/0.tar"));
    Files.writeString(folder.resolve("train/._0.tar"), "attributes");
    requireReads(PictureSets.open(folder.toString(), Split.TRAIN), 67);
    requireReads(PictureSets.open(folder.toString(), Split.TEST), 67);
    assertTrue(PictureSets.hasTest(folder.toString()));
    assertFalse(PictureSets.hasTest(folder.resolve("train/0.tar").toString()));
  }

  @Test
  void archivesBesideWhatWasUnpackedFromThemAreNoShards() throws Exception {
    new Tar().sample("a", "a_q75_420.jpg", 0).write(folder.resolve("train.tar"));
    Path picture = folder.resolve("train/cat/1.png");
    Files.createDirectories(picture.getParent());
    Files.copy(FILES.resolve("png_2_8_plain.png"), picture);
    requireReads(PictureSets.open(folder.toString(), Split.TRAIN), 13);
  }

  @Test
  void namesOfShardsMayHaveAnyBytes() throws Exception {
    Path odd = FileNames.resolve(folder, FileNames.text(new byte[] {'d', (byte) 0xE9, '[', '{'}));
    Path shard = FileNames.resolve(odd, FileNames.text("train-\u00E90{1}.tar".getBytes(LATIN_1)));
    new Tar().sample("a", "a_q75_420.jpg", 0).write(shard);
    for (String source :
        List.of(
            FileNames.text(odd),
            FileNames.text(shard),
            FileNames.text(odd.resolve("train-*.tar")))) {
      PictureSet set = PictureSets.open(source, Split.TRAIN);
      requireReads(set, 67);
      assertTrue(FileNames.shown(set.name(0)).endsWith("d\\xE9[{/train-\\xE90{1}.tar:a.jpg"));
    }
    Files.write(shard, new byte[100]);
    DataException refused =
        assertThrows(
            DataException.class, () -> PictureSets.open(FileNames.text(shard), Split.TRAIN));
    assertTrue(refused.getMessage().contains("d\\xE9[{/train-\\xE90{1}.tar"));
  }

  @Test
  void onlyClassesThatAreThereCount() throws Exception {
    new Tar()
        .sample("a", "a_q75_420.jpg", "02119789")
        .sample("b", "a_q75_420.jpg", 9_999_999)
        .sample("c", "a_q75_420.jpg", "123456789012345678")
        .write(folder.resolve("train-0.tar"));
    new Tar()
        .sample("a", "a_q75_420.jpg", 7)
        .sample("b", "a_q75_420.jpg", "2119789 ")
        .write(folder.resolve("val-0.tar"));
    for (int time = 0; time < 2; time++) {
      PictureSet train = PictureSets.open(folder.toString(), Split.TRAIN);
      PictureSet test = PictureSets.open(folder.toString(), Split.TEST);
      assertEquals(List.of(1, 2, 3), labels(train));
      assertEquals(List.of(0, 1), labels(test));
      for (PictureSet set : List.of(train, test)) {
        assertEquals(
            List.of("7", "02119789", "9999999", "123456789012345678"),
            IntStream.range(0, set.classes()).mapToObj(set::className).toList());
      }
    }
  }

  private static List<Integer> labels(PictureSet set) {
    return IntStream.range(0, set.size()).map(set::label).boxed().toList();
  }

  @Test
  void picturesAloneAreASetWithoutClasses() throws Exception {
    new Tar()
        .picture("a.jpg", "a_q75_420.jpg")
        .add("a.txt", "caption")
        .picture("b.jpg", "a_q75_420.jpg")
        .write(folder.resolve("0.tar"));
    PictureSet set = PictureSets.open(folder.toString(), Split.TRAIN);
    requireReads(set, 67, 67);
    assertEquals(0, set.classes());
    assertEquals(List.of(-1, -1), labels(set));
    new Tar().sample("c", "a_q75_420.jpg", 1).write(folder.resolve("1.tar"));
    DataException mixed =
        assertThrows(DataException.class, () -> PictureSets.open(folder.toString(), Split.TRAIN));
    assertTrue(mixed.getMessage().contains("0.tar has no .cls"), mixed::getMessage);
  }

  @Test
  void namesWhatIsWrong() throws Exception {
    Path shard = folder.resolve("x.tar");
    new Tar().sample("k", "a_q75_420.jpg", 0).add("lonely.jpg", new byte[] {1}).write(shard);
    requireRefused(shard, "lonely has no .cls");
    new Tar().add("k.jpg", new byte[] {1}).add("k.cls", new byte[] {'c', 'a', 't'}).write(shard);
    requireRefused(shard, "k.cls holds 'cat'");
    for (String number : List.of("-1", "", "1.5", "1234567890123456789", "1".repeat(40))) {
      new Tar().sample("k", "a_q75_420.jpg", number).write(shard);
      requireRefused(shard, "k.cls holds '" + number.substring(0, Math.min(32, number.length())));
    }
    Files.writeString(shard, "no archive ".repeat(100));
    requireRefused(shard, "no tar archive");
    new Tar().sample("k", "a_q75_420.jpg", 0).write(shard);
    byte[] whole = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(whole, 1000));
    requireRefused(shard, "was cut short");
  }

  private static void requireRefused(Path shard, String text) {
    DataException refused =
        assertThrows(DataException.class, () -> PictureSets.open(shard.toString(), Split.TRAIN));
    assertTrue(refused.getMessage().contains(text), refused::getMessage);
  }
}
