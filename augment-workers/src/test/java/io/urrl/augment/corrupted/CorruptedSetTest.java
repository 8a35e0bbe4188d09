package io.urrl.augment.corrupted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Tensor;
import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.CorruptionTable;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.corrupt.Corruptor;
import io.urrl.augment.corrupt.FrostTextures;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.image.JpegEncoder;
import io.urrl.augment.image.Picture;
import io.urrl.augment.transform.Operations;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both layouts: what they hold, on how many threads and after how many interruptions soever. */
final class CorruptedSetTest {
  private static final Corruptions CORRUPTIONS =
      Corruptions.of(CorruptionTable.CIFAR, FrostTextures.drawn());
  private static final List<CorruptionKind> KINDS =
      List.of(CorruptionKind.GAUSSIAN_NOISE, CorruptionKind.FROST, CorruptionKind.PIXELATE);
  private static final long SEED = 11;

  private static CorruptionJob job(PictureSet pictures) {
    return new CorruptionJob(pictures, pictures.size(), CORRUPTIONS, KINDS, List.of(2, 5), SEED);
  }

  private static int[] run(CorruptionJob job, CorruptedWriter writer, int threads)
      throws IOException, InterruptedException {
    AtomicInteger written = new AtomicInteger();
    AtomicInteger kept = new AtomicInteger();
    AtomicInteger broken = new AtomicInteger();
    CorruptionProgress progress =
        new CorruptionProgress() {
          @Override
          public void done(int writtenOnes, int keptOnes) {
            written.addAndGet(writtenOnes);
            kept.addAndGet(keptOnes);
          }

          @Override
          public void broken(String name, String reason) {
            broken.incrementAndGet();
          }
        };
    try (writer) {
      CorruptedSet.write(job, writer, threads, progress);
    }
    return new int[] {written.get(), kept.get(), broken.get()};
  }

  /** What a picture must become. */
  private static Picture expected(
      PictureSet pictures, int number, CorruptionKind kind, int severity) throws Exception {
    Picture source = new Picture();
    Picture picture = new Picture();
    pictures.read(number, source);
    new Operations().resizeCentreCrop(source, 32, 32, picture);
    new Corruptor(CORRUPTIONS, SEED).corrupt(picture, number, kind, severity);
    return picture;
  }

  private static SortedMap<String, String> files(Path directory) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  @Test
  void foldersHoldJpegFilesOfQuality85(@TempDir Path out) throws Exception {
    CorruptionJob job = job(FewPictures.of(5));
    assertArrayEquals(new int[] {30, 0, 0}, run(job, FolderWriter.open(out, job), 1));
    assertEquals(30, files(out).size());
    for (CorruptionKind kind : KINDS) {
      byte[] file = Files.readAllBytes(out.resolve(kind.publishedName() + "/5/dogs/picture3.JPEG"));
      Picture picture = expected(job.pictures(), 3, kind, 5);
      assertArrayEquals(new JpegEncoder().encode(picture, 85), file, kind.publishedName());
    }
  }

  @Test
  void arraysAreSeverityMajorWithALabelARow(@TempDir Path out) throws Exception {
    CorruptionJob job = job(FewPictures.of(5));
    run(job, ArrayWriter.open(out, job), 1);
    assertEquals(
        List.of("frost.npy", "gaussian_noise.npy", "labels.npy", "pixelate.npy"),
        List.copyOf(files(out).keySet()));
    for (CorruptionKind kind : KINDS) {
      Tensor array = Npy.read(out.resolve(kind.publishedName() + ".npy"));
      assertEquals(ElementType.U8, array.type());
      assertEquals(List.of(10L, 32L, 32L, 3L), array.shape());
      for (int row = 0; row < 10; row++) {
        Picture picture = expected(job.pictures(), row % 5, kind, row < 5 ? 2 : 5);
        byte[] found = array.data().asSlice(row * 3072L, 3072).toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(Arrays.copyOf(picture.data(), 3072), found, kind + " row " + row);
      }
    }
    Tensor labels = Npy.read(out.resolve("labels.npy"));
    assertEquals(ElementType.U8, labels.type());
    assertArrayEquals(new long[] {0, 1, 0, 1, 0, 0, 1, 0, 1, 0}, labels.toLongs());
  }

  @Test
  void threadsDoNotMatter(@TempDir Path one, @TempDir Path four) throws Exception {
    CorruptionJob job = job(FewPictures.of(40));
    run(job, FolderWriter.open(one, job), 1);
    run(job, FolderWriter.open(four, job), 4);
    assertEquals(files(one), files(four));
  }

  @Test
  void foldersGoOnWhereTheyWereInterrupted(@TempDir Path whole, @TempDir Path parts)
      throws Exception {
    CorruptionJob job = job(FewPictures.of(9));
    run(job, FolderWriter.open(whole, job), 2);
    CorruptionJob cut = job(new FewPictures(9, -1, new AtomicInteger(), 4));
    assertThrows(IllegalStateException.class, () -> run(cut, FolderWriter.open(parts, cut), 1));
    assertEquals(4 * 6, files(parts).size());
    assertArrayEquals(new int[] {5 * 6, 4 * 6, 0}, run(job, FolderWriter.open(parts, job), 2));
    assertEquals(files(whole), files(parts));
  }

  @Test
  void arraysGoOnAfterTheLastRecordedBlock(@TempDir Path whole, @TempDir Path parts)
      throws Exception {
    CorruptionJob job = job(FewPictures.of(300));
    run(job, ArrayWriter.open(whole, job), 2);
    CorruptionJob cut = job(new FewPictures(300, -1, new AtomicInteger(), 280));
    assertThrows(IllegalStateException.class, () -> run(cut, ArrayWriter.open(parts, cut), 2));
    assertFalse(Files.exists(parts.resolve("frost.npy")));
    assertArrayEquals(new int[] {44 * 6, 256 * 6, 0}, run(job, ArrayWriter.open(parts, job), 2));
    assertEquals(files(whole), files(parts));
  }

  @Test
  void aBrokenPictureIsLeftOutOfFoldersAndStopsArrays(@TempDir Path folders, @TempDir Path arrays)
      throws Exception {
    CorruptionJob job = job(new FewPictures(4, 2, new AtomicInteger(), Integer.MAX_VALUE));
    assertArrayEquals(new int[] {18, 0, 1}, run(job, FolderWriter.open(folders, job), 1));
    DataException failure =
        assertThrows(DataException.class, () -> run(job, ArrayWriter.open(arrays, job), 1));
    assertTrue(failure.getMessage().contains("picture2.png"), failure.getMessage());
  }

  @Test
  void aDirectoryBelongsToOneJob(@TempDir Path out) throws Exception {
    CorruptionJob job = job(FewPictures.of(4));
    JobRecord.claim(out, job, false, "ice");
    JobRecord.claim(out, job, false, "ice");
    CorruptionJob other =
        new CorruptionJob(job.pictures(), 4, CORRUPTIONS, KINDS, List.of(2, 5), SEED + 1);
    DataException failure =
        assertThrows(DataException.class, () -> JobRecord.claim(out, other, false, "ice"));
    assertTrue(failure.getMessage().contains("seed 11, not 12"), failure.getMessage());
    assertThrows(DataException.class, () -> JobRecord.claim(out, job, true, "ice"));
    assertThrows(DataException.class, () -> JobRecord.claim(out, job, false, "snow"));
  }
}
