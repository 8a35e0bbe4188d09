package io.urrl.augment.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.Picture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarShardsTest {
  private static final Path FILES = Path.of("src/test/resources/decode");
  private static final int BLOCK = 512;

  @TempDir private Path folder;

  /** Writes archives member by member. */
  private static final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Tar add(String name, byte[] content) {
      return member(name, '0', content);
    }

    Tar sample(String key, String file, int label) throws IOException {
      String suffix = file.substring(file.lastIndexOf('.'));
      add(key + suffix, Files.readAllBytes(FILES.resolve(file)));
      return add(key + ".cls", Integer.toString(label).getBytes(StandardCharsets.UTF_8));
    }

    Tar member(String name, char kind, byte[] content) {
      byte[] header = new byte[BLOCK];
      put(header, 0, name);
      put(header, 100, "0000644\0");
      put(header, 124, "%011o".formatted(content.length));
      put(header, 148, "        ");
      header[156] = (byte) kind;
      put(header, 257, "ustar\00000");
      int sum = 0;
      for (byte value : header) {
        sum += value & 0xFF;
      }
      put(header, 148, "%06o\0 ".formatted(sum));
      bytes.writeBytes(header);
      bytes.writeBytes(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
      return this;
    }

    private static void put(byte[] header, int at, String text) {
      byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(ascii, 0, header, at, ascii.length);
    }

    void write(Path path) throws IOException {
      bytes.writeBytes(new byte[2 * BLOCK]);
      Files.createDirectories(path.getParent());
      Files.write(path, bytes.toByteArray());
    }
  }

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
    assertEquals(5, train.classes(), "the test part has the largest number");
    assertTrue(train.name(2).endsWith("train-002.tar:b.with/003.webp"));
    PictureSet test = PictureSets.open(folder.toString(), Split.TEST);
    requireReads(test, 67);
    assertEquals(5, test.classes());
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
    assertEquals(3, set.label(0));
    assertTrue(set.name(0).endsWith(path));
  }

  @Test
  void namesWhatIsWrong() throws Exception {
    Path shard = folder.resolve("x.tar");
    new Tar().add("lonely.jpg", new byte[] {1}).write(shard);
    requireRefused(shard, "lonely has no .cls");
    new Tar().add("k.jpg", new byte[] {1}).add("k.cls", new byte[] {'c', 'a', 't'}).write(shard);
    requireRefused(shard, "k.cls holds 'cat'");
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
