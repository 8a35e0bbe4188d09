package io.urrl.augment.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives as people have them: other tools', other names', damaged ones. */
class ShardArchivesTest {
  private static final String JPEG = "a_q75_420.jpg";
  private static final int SIDE = 67;

  @TempDir private Path folder;
  private Path shard;

  @BeforeEach
  void name() {
    shard = folder.resolve("train-0.tar");
  }

  private PictureSet open() {
    return PictureSets.open(shard.toString(), Split.TRAIN);
  }

  private void requireRefused(String... texts) {
    String message = assertThrows(DataException.class, this::open).getMessage();
    assertTrue(message.contains("train-0.tar"), message);
    for (String text : texts) {
      assertTrue(message.contains(text), message);
    }
  }

  /** All samples can be read and have these labels. */
  private PictureSet requireSamples(int... labels) throws BrokenPictureException {
    PictureSet set = open();
    assertEquals(
        Arrays.stream(labels).boxed().toList(),
        IntStream.range(0, set.size()).map(set::label).boxed().toList());
    Picture picture = new Picture();
    for (int sample = 0; sample < labels.length; sample++) {
      set.read(sample, picture);
      assertEquals(SIDE, picture.width());
    }
    return set;
  }

  @Test
  void namesThatAreNotUtf8AreDifferentKeys() throws Exception {
    Tar tar = new Tar();
    for (int i = 0; i < 8; i++) {
      tar.sample(FileNames.text(new byte[] {'i', (byte) (0xE0 + i)}), JPEG, i);
    }
    tar.pax("path", "pax\u00E9.jpg".getBytes(StandardCharsets.ISO_8859_1)).picture("x.jpg", JPEG);
    tar.pax("path", "pax\u00E9.cls".getBytes(StandardCharsets.ISO_8859_1)).add("x.cls", "8");
    tar.write(shard);
    Files.setLastModifiedTime(shard, FileTime.from(Instant.now().minusSeconds(60)));
    for (int time = 0; time < 2; time++) { // walked, and from its index
      PictureSet set = requireSamples(0, 1, 2, 3, 4, 5, 6, 7, 8);
      assertEquals(
          shard + ":i\\xE3.jpg", FileNames.shown(set.name(3)), "the name is shown escaped");
      assertTrue(FileNames.shown(set.name(8)).endsWith("pax\\xE9.jpg"));
    }
  }

  @Test
  void aKeyThatOccursTwiceIsNamed() throws Exception {
    new Tar().sample("a", JPEG, 0).sample("b", JPEG, 1).sample("a", JPEG, 2).write(shard);
    requireRefused("the key a occurs twice", "a.jpg");
    new Tar().sample("d/a", JPEG, 0).add("d/a.cls", "1").write(shard);
    requireRefused("the key d/a occurs twice", "d/a.cls");
    new Tar().sample("a", JPEG, 0).picture("a.png", JPEG).write(shard);
    requireRefused("the key a has two pictures, a.jpg and a.png");
    new Tar().sample("d/a", JPEG, 0).sample("e/a", JPEG, 1).write(shard);
    requireSamples(0, 1);
  }

  @Test
  void aKeyEndsAtTheFirstDotOfTheFilesName() throws Exception {
    new Tar()
        .picture("22.05/0.left.jpg", JPEG)
        .add("22.05/0.cls", "3")
        .picture("22.05/1.JPG", JPEG)
        .add("22.05/1.Cls", "5")
        .write(shard);
    requireSamples(0, 1);
    new Tar().sample("22.05/img.000", JPEG, 0).sample("22.05/img.001", JPEG, 1).write(shard);
    requireRefused(
        "the key 22.05/img has two pictures, 22.05/img.000.jpg and 22.05/img.001.jpg", "first dot");
  }

  @Test
  void partsOfASampleNeedNotStandTogether() throws Exception {
    new Tar()
        .picture("a.jpg", JPEG)
        .picture("b.jpg", JPEG)
        .add("b.cls", "1")
        .add("a.cls", "0\n")
        .write(shard);
    requireSamples(0, 1);
  }

  @Test
  void whatIsNeitherPictureNorClassIsCounted() throws Exception {
    new Tar()
        .add("README", "text")
        .sample("a", JPEG, 0)
        .add("a.json", "{}")
        .add("._a.jpg", "attributes")
        .add("a.txt", "caption")
        .write(shard);
    for (int time = 0; time < 2; time++) {
      List<String> notices = requireSamples(0).notices();
      assertEquals(1, notices.size());
      assertTrue(notices.getFirst().startsWith("4 members"), notices::toString);
      assertTrue(notices.getFirst().endsWith("train-0.tar:README"), notices::toString);
    }
  }

  @Test
  void aCutIsFoundWhereverItIs() throws Exception {
    Tar tar = new Tar().sample("a", JPEG, 0).sample("b", JPEG, 1);
    int second = tar.length();
    byte[] whole = tar.sample("c", JPEG, 2).open();
    // Behind a member, within a header, a content and its padding, and behind the last member.
    int[] cuts = {
      second,
      second + 100,
      second + 600,
      second + 1100,
      second + 512,
      whole.length - 300,
      whole.length - 1,
      whole.length,
      512,
      1,
      0
    };
    for (int cut : cuts) {
      Files.write(shard, Arrays.copyOf(whole, cut));
      String message = assertThrows(DataException.class, this::open).getMessage();
      assertTrue(message.contains("truncated"), cut + ": " + message);
      int samples = cut >= whole.length - 511 ? 3 : cut >= second ? 2 : 0;
      assertTrue(
          message.contains(samples + " samples before that are whole"), cut + ": " + message);
    }
    for (int zeros : new int[] {512, 1024, 1100, 10240}) {
      Files.write(shard, Arrays.copyOf(whole, whole.length + zeros));
      requireSamples(0, 1, 2);
    }
    Files.write(shard, Arrays.copyOf(whole, whole.length + (2 << 20)));
    requireRefused("truncated", "holds zeros", "3 samples");
  }

  @Test
  void archivesThatWereJoinedAreNotReadInPart() throws Exception {
    byte[] first = new Tar().sample("a", JPEG, 0).raw(new byte[1024]).open();
    byte[] both = new Tar().raw(first).sample("b", JPEG, 1).raw(new byte[1024]).open();
    Files.write(shard, both);
    requireRefused("goes on behind its end", "1 sample before that is whole");
  }

  @Test
  void damageIsNoEnd() throws Exception {
    Tar tar = new Tar().sample("a", JPEG, 0);
    int at = tar.length();
    byte[] damaged = tar.sample("b", JPEG, 1).raw(new byte[1024]).open();
    damaged[at + 3] ^= 1;
    Files.write(shard, damaged);
    requireRefused("damaged: no header at byte " + at, "1 sample before");
    new Tar()
        .size("0000000x123".getBytes(StandardCharsets.US_ASCII))
        .add("a.jpg", "x")
        .write(shard);
    requireRefused("holds no length");
    new Tar()
        .member("pax", 'x', "99 path=short\n".getBytes(StandardCharsets.US_ASCII))
        .write(shard);
    requireRefused("extended header");
  }

  @Test
  void compressedShardsAreSaidToBe() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new Tar().sample("a", JPEG, 0).raw(new byte[1024]).open());
    }
    Files.write(shard, bytes.toByteArray());
    requireRefused("compressed with gzip", "gzip -dc " + shard);
    String[][] others = {
      {"28b52ffd", "Zstandard"},
      {"fd377a585a0000", "xz"},
      {"425a6839", "bzip2"},
      {"04224d18", "LZ4"}
    };
    for (String[] other : others) {
      Files.write(shard, Arrays.copyOf(HexFormat.of().parseHex(other[0]), 600));
      requireRefused("compressed with " + other[1]);
    }
    DataException named =
        assertThrows(
            DataException.class,
            () -> PictureSets.open(folder.resolve("x-0.tar.gz").toString(), Split.TRAIN));
    assertTrue(named.getMessage().contains("is compressed"), named::getMessage);
  }

  @Test
  void readsWhatOtherToolsWrite() throws Exception {
    byte[] picture = Files.readAllBytes(Tar.FILES.resolve(JPEG));
    byte[] binary = ByteBuffer.allocate(12).put((byte) 0x80).putInt(8, picture.length).array();
    new Tar()
        .member("folder/", '5', new byte[0])
        .member("folder.jpg/", '0', new byte[0])
        .member("a.jpg", '7', picture)
        .member("a.cls", '\0', new byte[] {'0'})
        .magic("")
        .sample("b", JPEG, 1)
        .magic("ustar  \0")
        .size(binary)
        .add("c.jpg", picture)
        .add("c.cls", "2")
        .magic("ustar\00000")
        .prefix("below/this")
        .sample("d", JPEG, 3)
        .prefix("")
        .member("g", 'g', "20 comment=everyone\n".getBytes(StandardCharsets.US_ASCII))
        .pax("size", Integer.toString(picture.length).getBytes(StandardCharsets.US_ASCII))
        .size("00000000000".getBytes(StandardCharsets.US_ASCII))
        .add("e.jpg", picture)
        .add("e.cls", "4")
        .size("  %o ".formatted(picture.length).getBytes(StandardCharsets.US_ASCII))
        .member("f.jpg", '9', picture)
        .add("f.cls", "5")
        .signed()
        .sample(FileNames.text(new byte[] {(byte) 0xFC}), JPEG, 6)
        .write(shard);
    assertTrue(requireSamples(0, 1, 2, 3, 4, 5, 6).name(3).endsWith(":below/this/d.jpg"));
  }

  @Test
  void hardLinksAreWhatTheyLinkTo() throws Exception {
    String far = "x".repeat(150);
    new Tar()
        .sample("a", JPEG, 4)
        .link("b.jpg", '1', "a.jpg")
        .link("b.cls", '1', "a.cls")
        .member("././@LongLink", 'L', (far + ".jpg\0").getBytes(StandardCharsets.US_ASCII))
        .picture("short.jpg", JPEG)
        .add("c.cls", "5")
        .member("././@LongLink", 'K', (far + ".jpg\0").getBytes(StandardCharsets.US_ASCII))
        .link("c.jpg", '1', "short.jpg")
        .pax("path", (far + ".cls").getBytes(StandardCharsets.US_ASCII))
        .add("short.cls", "6")
        .write(shard);
    requireSamples(0, 0, 2, 1);
    new Tar().sample("a", JPEG, 0).link("b.jpg", '1', "gone.jpg").write(shard);
    requireRefused("b.jpg links to gone.jpg");
    new Tar().sample("a", JPEG, 0).link("b.jpg", '2', "a.jpg").write(shard);
    requireRefused("b.jpg is a link to a.jpg", "--dereference");
  }

  @Test
  void sparseMembersAreNamedAndSteppedOver() throws Exception {
    byte[] holes = new byte[512];
    new Tar().sample("a", JPEG, 0).member("b.bmp", 'S', holes).write(shard);
    requireRefused("b.bmp is stored as a sparse file");
    new Tar()
        .sample("a", JPEG, 0)
        .pax("GNU.sparse.name", "b.bmp".getBytes(StandardCharsets.US_ASCII))
        .add("GNUSparseFile.7/b", holes)
        .write(shard);
    requireRefused("b.bmp is stored as a sparse file");
    byte[] archive =
        new Tar().member("b.npy", 'S', holes).sample("a", JPEG, 0).raw(new byte[1024]).open();
    requireContinuedMap(archive);
  }

  /** A sparse member whose map takes two more blocks. */
  private void requireContinuedMap(byte[] plain) throws Exception {
    byte[] map = new byte[2 * Tar.BLOCK];
    map[504] = 1;
    byte[] header = Arrays.copyOf(plain, Tar.BLOCK);
    header[482] = 1;
    int sum = 1;
    for (int i = 148; i < 154; i++) {
      sum += (header[i] - '0') << (3 * (153 - i));
    }
    System.arraycopy("%06o".formatted(sum).getBytes(StandardCharsets.US_ASCII), 0, header, 148, 6);
    Files.write(
        shard,
        new Tar()
            .raw(header)
            .raw(map)
            .raw(Arrays.copyOfRange(plain, Tar.BLOCK, plain.length))
            .open());
    requireSamples(0);
  }
}
