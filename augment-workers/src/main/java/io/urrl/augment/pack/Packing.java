package io.urrl.augment.pack;

import io.urrl.actors.files.FileFailure;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.EncodedPictures;
import io.urrl.augment.data.FileNames;
import io.urrl.augment.data.PackForm;
import io.urrl.augment.data.PackParts;
import io.urrl.augment.data.PackRecord;
import io.urrl.augment.data.PackWriter;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Packs a data set: several threads prepare pictures, one writes them in order. */
public final class Packing {
  /** Pictures that each thread may be ahead of the writer, which bounds the memory. */
  private static final int AHEAD = 8;

  private final PackParts parts;
  private final Preparation preparation;
  private final int threads;

  /** Hears how many pictures of how many are in the pack. */
  public interface Progress {
    /** {@code done} of {@code total} are in the pack. */
    void at(int done, int total);

    /** Something lies with the pictures that is not packed. */
    default void notice(String text) {
      // Who only counts need not hear of it.
    }
  }

  /**
   * What was packed.
   *
   * @param pictures pictures in the pack
   * @param resumed pictures of these that an earlier attempt had packed
   * @param broken pictures of the others that could not be read
   * @param bytes length of the file
   */
  public record Result(int pictures, int resumed, int broken, long bytes) {}

  private Packing(PackParts parts, Preparation preparation, int threads) {
    this.parts = parts;
    this.preparation = preparation;
    this.threads = threads;
  }

  /**
   * Packs parts of a data set, or goes on where an earlier attempt was cut off.
   *
   * @param source class folders, tar shards or another pack
   * @param splits the parts; test pictures are left out when there are none and both are asked for
   * @param file the pack
   * @param threads threads that prepare pictures
   * @throws DataException when the data cannot be read or the pack cannot be written
   */
  public static Result pack(
      String source,
      Set<Split> splits,
      Path file,
      Preparation preparation,
      int threads,
      Progress progress) {
    Map<Split, EncodedPictures> sets = new EnumMap<>(Split.class);
    for (Split split : splits) {
      boolean optional = split == Split.TEST && splits.size() > 1;
      if (!optional || PictureSets.hasTest(source)) {
        sets.put(split, PictureSets.openEncoded(source, split));
      }
    }
    PackParts parts = new PackParts(sets);
    parts.notices().forEach(progress::notice);
    PackForm form = preparation.form();
    try (PackWriter writer = PackWriter.open(file, form, preparation.shorterSide(), parts)) {
      return new Packing(parts, preparation, threads).run(writer, progress);
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be written: %s; make room and go on with the same command"
              .formatted(FileNames.text(file), FileFailure.reason(file, e)),
          e);
    }
  }

  private Result run(PackWriter writer, Progress progress) throws IOException {
    int resumed = writer.written();
    int broken = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      try {
        Queue<Future<PackRecord>> ahead = new ArrayDeque<>();
        int next = resumed;
        for (int record = resumed; record < parts.size(); record++) {
          while (next < parts.size() && ahead.size() < AHEAD * threads) {
            int number = next++;
            ahead.add(pool.submit(() -> prepare(number)));
          }
          PackRecord ready = ahead.remove().get();
          broken += ready.isBroken() ? 1 : 0;
          writer.append(ready);
          progress.at(record + 1, parts.size());
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DataException("packing was interrupted; go on with the same command", e);
      } finally {
        pool.shutdownNow();
      }
    }
    return new Result(parts.size(), resumed, broken, writer.finish());
  }

  private PackRecord prepare(int record) {
    return preparation.prepare(parts.setOf(record), parts.sampleOf(record));
  }
}
