package io.urrl.augment.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.pack.Packing;
import io.urrl.augment.pack.Preparation;
import io.urrl.augment.transform.Operations;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackTest {
  private static final Path FILES = Path.of("src/test/resources/decode");
  private static final Set<Split> ALL = EnumSet.allOf(Split.class);
  private static final Preparation AS_FOUND = new Preparation(0, false);

  @TempDir private Path folder;
  private Path data;
  private Path pack;

  @BeforeEach
  void makeClassFolders() throws IOException {
    data = folder.resolve("data");
    pack = folder.resolve("data.urrl");
    copy("a_q75_420.jpg", "train/zebra/1.jpg");
    copy("a_cut.jpg", "train/zebra/2.jpg");
    copy("b_gray.jpg", "train/ant/wide.JPEG");
    copy("png_6_8_adam7.png", "train/ant/a.png");
    copy("webp_q80.webp", "train/bear/b.webp");
    Files.createFile(data.resolve("train/bear/empty.jpg"));
    copy("a_cmyk.jpg", "val/zebra/x.jpg");
    copy("bmp_RGB.bmp", "val/ant/y.bmp");
  }

  private void copy(String file, String to) throws IOException {
    Path target = data.resolve(to);
    Files.createDirectories(target.getParent());
    Files.copy(FILES.resolve(file), target);
  }

  private Packing.Result pack(Preparation preparation) {
    return Packing.pack(data.toString(), ALL, pack, preparation, 2, (done, total) -> {});
  }

  /** Everything that a run sees of a set. */
  private static List<String> seen(PictureSet set) {
    List<String> seen = new ArrayList<>();
    Picture picture = new Picture();
    for (int sample = 0; sample < set.size(); sample++) {
      String pixels;
      try {
        set.read(sample, picture);
        pixels =
            picture.width()
                + " x "
                + picture.height()
                + " "
                + Arrays.hashCode(Arrays.copyOf(picture.data(), picture.length()));
      } catch (BrokenPictureException e) {
        pixels = e.getMessage();
      }
      seen.add(set.className(set.label(sample)) + " " + set.label(sample) + " " + pixels);
    }
    return seen;
  }

  private void requireSame() {
    for (Split split : Split.values()) {
      PictureSet folders = PictureSets.open(data.toString(), split);
      PictureSet packed = PictureSets.open(pack.toString(), split);
      assertEquals(seen(folders), seen(packed));
      assertEquals(folders.classes(), packed.classes());
      assertEquals(folders.fingerprint(), packed.fingerprint());
    }
  }

  @Test
  void aPackIsToARunWhatItsFoldersAre() {
    Packing.Result result = pack(AS_FOUND);
    assertEquals(8, result.pictures());
    assertEquals(1, result.broken(), "the empty file alone is not even stored");
    requireSame();
    EncodedPictures test = PictureSets.openEncoded(pack.toString(), Split.TEST);
    assertEquals("val/ant/y.bmp", test.path(0));
    assertEquals(pack + ":val/zebra/x.jpg", test.name(1));
  }

  @Test
  void decodedPicturesAreTheSameToo() {
    assertEquals(2, pack(new Preparation(0, true)).broken());
    requireSame();
  }

  @Test
  void aPackOfAPackIsTheSame() throws Exception {
    pack(AS_FOUND);
    Path again = folder.resolve("again.urrl");
    Packing.pack(pack.toString(), ALL, again, AS_FOUND, 1, (done, total) -> {});
    assertEquals(
        seen(PictureSets.open(pack.toString(), Split.TRAIN)),
        seen(PictureSets.open(again.toString(), Split.TRAIN)));
  }

  @Test
  void resizedPicturesAreStoredWithoutLossAndAreAnotherDataSet() throws Exception {
    Picture picture = new Picture();
    Picture expected = new Picture();
    PictureSet folders = PictureSets.open(data.toString(), Split.TRAIN);
    folders.read(4, picture);
    new Operations().resizedCrop(picture, 0, 0, 45, 67, 20, 29, expected);
    for (boolean decoded : List.of(false, true)) {
      Files.deleteIfExists(pack);
      pack(new Preparation(20, decoded));
      PictureSet packed = PictureSets.open(pack.toString(), Split.TRAIN);
      packed.read(4, picture);
      assertEquals(29, picture.width());
      assertArrayEquals(
          Arrays.copyOf(expected.data(), expected.length()),
          Arrays.copyOf(picture.data(), picture.length()));
      packed.read(0, picture);
      assertEquals(13, picture.width(), "small pictures stay as they are");
      assertNotEquals(folders.fingerprint(), packed.fingerprint());
    }
  }

  @Test
  void aFlippedByteIsFoundWhereverItIs() throws Exception {
    pack(AS_FOUND);
    byte[] whole = Files.readAllBytes(pack);
    for (int at = 0; at < whole.length; at += 7) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(pack, flipped);
      boolean padding = !isFound();
      int where = at;
      assertFalse(padding && !isPadding(whole, at), () -> "byte " + where + " may be flipped");
    }
  }

  /** Bytes behind the header's fields, and up to seven zeros between a record and the next. */
  private boolean isPadding(byte[] whole, int at) throws IOException {
    Files.write(pack, whole);
    if (at < PackLayout.HEADER_LENGTH) {
      return at >= PackLayout.HEADER_CHECKSUM_OFFSET + Integer.BYTES;
    }
    PackFile file = PackFile.open(pack);
    for (int record = 0; record < file.header().records(); record++) {
      long end = file.offset(record) + PackLayout.RECORD_HEADER_LENGTH + file.length(record);
      if (at >= end && at < PackLayout.aligned(end)) {
        return true;
      }
    }
    return false;
  }

  private boolean isFound() {
    try {
      PackVerification.Report report =
          PackVerification.verify(PackFile.open(pack), damage -> {}, done -> {});
      return report.damaged() == 1;
    } catch (DataException e) {
      return e.getMessage().startsWith(pack.toString());
    }
  }

  @Test
  void aDamagedRecordIsNamedAndPassedOver() throws Exception {
    pack(AS_FOUND);
    PackFile before = PackFile.open(pack);
    byte[] bytes = Files.readAllBytes(pack);
    bytes[(int) before.offset(3) + PackLayout.RECORD_HEADER_LENGTH + 5] ^= 4;
    Files.write(pack, bytes);
    List<String> damage = new ArrayList<>();
    PackVerification.verify(PackFile.open(pack), damage::add, done -> {});
    assertEquals(
        List.of(
            "train/bear/empty.jpg: record 3 of %s is damaged: its checksum is wrong;"
                    .formatted(pack)
                + " copy or pack the data again"),
        damage);
    List<BrokenPictures.Broken> broken = new ArrayList<>();
    int used =
        new BrokenPictures(PictureSets.open(pack.toString(), Split.TRAIN))
            .readOrSubstitute(3, new Picture(), broken::add);
    assertEquals(4, used);
    assertTrue(broken.getFirst().reason().startsWith("record 3 of "), broken::toString);
  }

  @Test
  void aPackThatWasCutShortIsRefused() throws Exception {
    pack(AS_FOUND);
    byte[] whole = Files.readAllBytes(pack);
    for (int length : new int[] {0, 60, 128, 1_000, whole.length - 1}) {
      Files.write(pack, Arrays.copyOf(whole, length));
      DataException refused = assertThrows(DataException.class, () -> PackFile.open(pack));
      assertTrue(refused.getMessage().contains("was cut short"), refused::getMessage);
    }
    Files.writeString(pack, "no pack at all ".repeat(20));
    assertThrows(DataException.class, () -> PackFile.open(pack));
  }

  @Test
  void aPackThatIsCutShortUnderItsReaderCannotBeReadAndBreaksNoPicture() throws Exception {
    Path large = data.resolve("train/zebra/3.jpg");
    Files.write(large, new byte[1 << 16]);
    pack(AS_FOUND);
    PictureSet set = PictureSets.open(pack.toString(), Split.TRAIN);
    try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.WRITE)) {
      channel.truncate(4096);
    }
    DataException failure = assertThrows(DataException.class, () -> readAll(set));
    assertTrue(failure.getMessage().startsWith(pack + " cannot be read"), failure::getMessage);
  }

  private static void readAll(PictureSet set) throws BrokenPictureException {
    Picture picture = new Picture();
    set.read(0, picture);
    set.read(set.size() - 1, picture);
  }

  private static PackRecord record(PackParts parts, int record) {
    try {
      return PackRecord.encoded(parts.setOf(record).encoded(parts.sampleOf(record)));
    } catch (BrokenPictureException e) {
      return PackRecord.broken(e.getMessage());
    }
  }

  @Test
  void goesOnAfterAnyCutAndEndsWithTheSameBytes() throws Exception {
    pack(AS_FOUND);
    byte[] whole = Files.readAllBytes(pack);
    Files.delete(pack);
    Path part = folder.resolve("data.urrl.part");
    PackParts parts =
        new PackParts(
            Map.of(
                Split.TRAIN, PictureSets.openEncoded(data.toString(), Split.TRAIN),
                Split.TEST, PictureSets.openEncoded(data.toString(), Split.TEST)));
    try (PackWriter writer = PackWriter.open(pack, PackForm.AS_FOUND, 0, parts)) {
      for (int record = 0; record < 3; record++) {
        writer.append(record(parts, record));
      }
      writer.commit();
      writer.append(record(parts, 3));
    }
    // What came after the last commit may have reached the disk in part.
    Files.write(part, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    DataException other = assertThrows(DataException.class, () -> pack(new Preparation(0, true)));
    assertTrue(other.getMessage().contains("with other options"), other::getMessage);
    DataException unfinished = assertThrows(DataException.class, () -> PackFile.open(part));
    assertTrue(unfinished.getMessage().contains("3 of 8 pictures"), unfinished::getMessage);
    assertEquals(3, pack(AS_FOUND).resumed());
    assertArrayEquals(whole, Files.readAllBytes(pack));
    assertTrue(Files.notExists(part));
    DataException there = assertThrows(DataException.class, () -> pack(AS_FOUND));
    assertTrue(there.getMessage().contains("exists"), there::getMessage);
  }
}
