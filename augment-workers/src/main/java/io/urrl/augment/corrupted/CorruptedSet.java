package io.urrl.augment.corrupted;

import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.CorruptionTable;
import io.urrl.augment.corrupt.Corruptor;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.FileNames;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.JpegEncoder;
import io.urrl.augment.image.Picture;
import io.urrl.augment.transform.Operations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does a {@link CorruptionJob}. Threads take pictures from a block of them, and each picture goes
 * through all corruptions on one thread; after a block the writer hears how far it got.
 */
public final class CorruptedSet {
  /** Pictures between two records of how far an array is. */
  private static final int BLOCK = 256;

  /** Shorter side of a picture before the central square is cut out, over the square's side. */
  private static final double SURROUNDINGS = 256.0 / 224.0;

  private final CorruptionJob job;
  private final CorruptedWriter writer;
  private final CorruptionProgress progress;
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean failed;

  private CorruptedSet(CorruptionJob job, CorruptedWriter writer, CorruptionProgress progress) {
    this.job = job;
    this.writer = writer;
    this.progress = progress;
  }

  /**
   * Writes what is not there yet.
   *
   * @throws IOException when the disk does not take it
   * @throws DataException when a picture cannot be read and cannot be left out
   */
  public static void write(
      CorruptionJob job, CorruptedWriter writer, int threads, CorruptionProgress progress)
      throws IOException, InterruptedException {
    CorruptedSet set = new CorruptedSet(job, writer, progress);
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(set.new Worker());
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int end = 0; end < job.count(); ) {
        end = Math.min(job.count(), end + BLOCK);
        set.block(workers, end, pool);
        writer.completed(end);
      }
    }
  }

  private void block(List<Worker> workers, int end, ExecutorService pool)
      throws IOException, InterruptedException {
    next.set((end - 1) / BLOCK * BLOCK);
    List<Future<?>> parts = new ArrayList<>();
    for (Worker worker : workers) {
      parts.add(pool.submit(() -> worker.run(end)));
    }
    for (Future<?> part : parts) {
      try {
        part.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException cause -> throw cause;
          case RuntimeException cause -> throw cause;
          default -> throw new IllegalStateException(e.getCause());
        }
      }
    }
  }

  /** One thread's share, with its memory. */
  private final class Worker {
    private final Corruptor corruptor = new Corruptor(job.corruptions(), job.seed());
    private final JpegEncoder encoder = new JpegEncoder();
    private final Operations operations = new Operations();
    private final Picture source = new Picture();
    private final Picture clean = new Picture();
    private final Picture corrupted = new Picture();

    /** Takes pictures until the block ends or someone fails. */
    Void run(int end) throws IOException {
      try {
        for (int number = next.getAndIncrement();
            number < end && !failed;
            number = next.getAndIncrement()) {
          corrupt(number);
        }
        return null;
      } catch (IOException | RuntimeException e) {
        failed = true;
        throw e;
      }
    }

    private void corrupt(int number) throws IOException {
      int written = 0;
      int kept = 0;
      boolean read = false;
      for (CorruptionKind kind : job.kinds()) {
        for (int severity : job.severities()) {
          if (writer.has(number, kind, severity)) {
            kept++;
            continue;
          }
          if (!read && !read(number)) {
            return;
          }
          read = true;
          corrupted.copyFrom(clean);
          corruptor.corrupt(corrupted, number, kind, severity);
          writer.write(number, kind, severity, corrupted, encoder);
          written++;
        }
      }
      progress.done(written, kept);
    }

    private boolean read(int number) {
      try {
        job.pictures().read(number, source);
      } catch (BrokenPictureException e) {
        String name = FileNames.shown(job.pictures().name(number));
        if (!writer.mayLeaveOut()) {
          throw new DataException(
              "%s cannot be read: %s; the rows of an array cannot be left out: mend or remove it"
                  .formatted(name, e.getMessage()),
              e);
        }
        progress.broken(name, e.getMessage());
        return false;
      }
      int side = job.corruptions().table().side();
      boolean small = job.corruptions().table() == CorruptionTable.CIFAR;
      int shorter = small ? side : (int) Math.rint(side * SURROUNDINGS);
      operations.resizeCentreCrop(source, shorter, side, clean);
      return true;
    }
  }
}
