package io.urrl.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.CorruptionTable;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.corrupt.FrostTextures;
import io.urrl.augment.corrupted.CorruptedSet;
import io.urrl.augment.corrupted.CorruptedWriter;
import io.urrl.augment.corrupted.CorruptionJob;
import io.urrl.augment.corrupted.CorruptionProgress;
import io.urrl.augment.corrupted.FolderWriter;
import io.urrl.augment.data.BrokenPictures;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.MutatedFiles;
import io.urrl.augment.image.Picture;
import io.urrl.augment.pack.Packing;
import io.urrl.augment.pack.Preparation;
import io.urrl.augment.transform.ViewMaker;
import io.urrl.augment.transform.ViewRecipe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A damaged file is broken for training, packing, corrupting and evaluating alike, and none of them
 * ends because of it. {@code -Durrl.hostile.files=N} tries more of them.
 */
class OneVerdictTest {
  private static final int FILES = Integer.getInteger("urrl.hostile.files", 300);
  private static final int SIDE = 16;

  @TempDir private Path folder;

  @Test
  void allWaysOfReadingPassTheSameFilesOver() throws Exception {
    Path data = folder.resolve("data");
    write(data);
    PictureSet set = PictureSets.open(data.toString(), Split.TRAIN);
    Set<String> trained = training(set);
    assertTrue(
        trained.size() > FILES / 10 && trained.size() < FILES,
        () -> Integer.toString(trained.size()));
    assertEquals(trained, evaluating(set));
    assertEquals(trained, corrupting(set));
    assertEquals(trained, packing(data, set, new Preparation(0, true)));
    assertEquals(trained, packing(data, set, new Preparation(0, false)));
  }

  private static void write(Path data) throws Exception {
    List<byte[]> whole = MutatedFiles.whole("");
    SplittableRandom random = new SplittableRandom(7);
    Path one = Files.createDirectories(data.resolve("train/one"));
    Files.createDirectories(data.resolve("train/two"));
    for (int number = 0; number < FILES; number++) {
      Path place = number % 2 == 0 ? one : one.resolveSibling("two");
      Files.write(place.resolve("%06d.jpg".formatted(number)), MutatedFiles.next(whole, random));
    }
  }

  private static Set<String> training(PictureSet set) {
    ViewMaker maker = new ViewMaker(ViewRecipe.named("urrl", SIDE), SIDE, 1);
    MemorySegment views = Arena.ofAuto().allocate(6L * SIDE * SIDE);
    MemorySegment query = views.asSlice(0, 3L * SIDE * SIDE);
    MemorySegment key = views.asSlice(3L * SIDE * SIDE);
    Set<String> broken = new TreeSet<>();
    Picture picture = new Picture();
    for (int sample = 0; sample < set.size(); sample++) {
      new BrokenPictures(set).readOrSubstitute(sample, picture, one -> broken.add(one.name()));
      // Views of huge pictures take long and prove nothing.
      if (picture.length() < 1 << 20) {
        maker.views(picture, 0, sample, query, key);
      }
    }
    return broken;
  }

  private static Set<String> evaluating(PictureSet set) {
    ViewMaker maker = new ViewMaker(ViewRecipe.named("moco-v2", SIDE), SIDE, 1);
    MemorySegment view = Arena.ofAuto().allocate(3L * SIDE * SIDE);
    Set<String> broken = new TreeSet<>();
    Picture picture = new Picture();
    for (int sample = 0; sample < set.size(); sample++) {
      new BrokenPictures(set).readOrSubstitute(sample, picture, one -> broken.add(one.name()));
      maker.evaluation(picture, view);
    }
    return broken;
  }

  private Set<String> corrupting(PictureSet set) throws Exception {
    Corruptions corruptions = Corruptions.of(CorruptionTable.CIFAR, FrostTextures.drawn());
    List<CorruptionKind> kinds = List.of(CorruptionKind.BRIGHTNESS);
    CorruptionJob job = new CorruptionJob(set, set.size(), corruptions, kinds, List.of(1), 1);
    Set<String> broken = new ConcurrentSkipListSet<>();
    CorruptionProgress progress =
        new CorruptionProgress() {
          @Override
          public void done(int written, int kept) {
            // Only the others count here.
          }

          @Override
          public void broken(String name, String reason) {
            broken.add(name);
          }
        };
    try (CorruptedWriter writer = FolderWriter.open(folder.resolve("corrupted"), job)) {
      CorruptedSet.write(job, writer, 2, progress);
    }
    return broken;
  }

  private Set<String> packing(Path data, PictureSet set, Preparation preparation) {
    Path pack = folder.resolve(preparation.decoded() ? "decoded.urrl" : "found.urrl");
    Packing.pack(data.toString(), Set.of(Split.TRAIN), pack, preparation, 2, (_, _) -> {});
    PictureSet packed = PictureSets.open(pack.toString(), Split.TRAIN);
    assertEquals(set.size(), packed.size());
    Set<String> broken = new TreeSet<>();
    Picture picture = new Picture();
    for (int sample = 0; sample < packed.size(); sample++) {
      try {
        packed.read(sample, picture);
      } catch (BrokenPictureException e) {
        broken.add(set.name(sample));
      }
    }
    return broken;
  }
}
