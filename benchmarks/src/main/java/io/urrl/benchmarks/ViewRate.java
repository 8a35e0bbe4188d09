package io.urrl.benchmarks;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.transform.AugMixOperation;
import io.urrl.augment.transform.ViewMaker;
import io.urrl.augment.transform.ViewRecipe;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How many pairs of views threads make, each for itself, stacked in batches. */
public final class ViewRate {
  private static final int BATCH = 64;
  private static final double NANOS = 1e9;

  /**
   * What to do.
   *
   * @param pictures files to take in turns
   * @param size side of a view
   * @param robust probability of T_rob; its severity is 1, and T_rep blurs
   * @param seed keys the views
   * @param predecoded whether the pictures are decoded before the clock starts
   */
  public record Work(List<Path> pictures, int size, double robust, long seed, boolean predecoded) {}

  /**
   * What was done, by all threads.
   *
   * @param pairs made
   * @param batches filled
   * @param seconds on the clock
   * @param cpuSeconds of the threads
   * @param decodeSeconds on the clocks of the threads
   * @param kernels that made them
   */
  public record Result(
      long pairs,
      long batches,
      double seconds,
      double cpuSeconds,
      double decodeSeconds,
      KernelSet kernels) {}

  /** Runs for some seconds, after some that do not count. */
  public static Result measure(Work work, int threads, double warmUp, double seconds) {
    List<Picture> held = work.predecoded ? decoded(work.pictures) : List.of();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Callable<Result>> makers = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        ViewRate maker = new ViewRate(work, held, thread);
        makers.add(
            () -> {
              maker.make(warmUp);
              return maker.make(seconds);
            });
      }
      long pairs = 0;
      long batches = 0;
      double most = 0;
      double cpu = 0;
      double decode = 0;
      for (Future<Result> one : pool.invokeAll(makers)) {
        Result result = one.get();
        pairs += result.pairs;
        batches += result.batches;
        most = Math.max(most, result.seconds);
        cpu += result.cpuSeconds;
        decode += result.decodeSeconds;
      }
      return new Result(pairs, batches, most, cpu, decode, KernelSet.chosen());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("the measurement was interrupted", e);
    } catch (ExecutionException e) {
      throw new UserException("the measurement failed: " + e.getCause().getMessage(), e);
    }
  }

  private static List<Picture> decoded(List<Path> files) {
    PictureDecoder decoder = new PictureDecoder();
    List<Picture> held = new ArrayList<>();
    for (Path file : files) {
      Picture picture = new Picture();
      decode(decoder, file, picture);
      held.add(picture);
    }
    return held;
  }

  private static void decode(PictureDecoder decoder, Path file, Picture into) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      decoder.decode(bytes, bytes.length, into);
    } catch (IOException | BrokenPictureException e) {
      throw new UserException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private final Work work;
  private final List<Picture> held;
  private final ViewMaker maker;
  private final PictureDecoder decoder = new PictureDecoder();
  private final Picture picture = new Picture();
  private int sample;

  private ViewRate(Work work, List<Picture> held, int thread) {
    this.work = work;
    this.held = held;
    ViewRecipe recipe = new ViewRecipe("bench", work.robust, AugMixOperation.ALL, 1, true);
    maker = new ViewMaker(recipe, work.size, work.seed + thread);
  }

  private Result make(double limit) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long bytes = 3L * work.size * work.size;
    long decoding = 0;
    long pairs = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment queries = arena.allocate(BATCH * bytes, 64);
      MemorySegment keys = arena.allocate(BATCH * bytes, 64);
      long cpu = threads.getCurrentThreadCpuTime();
      long start = System.nanoTime();
      long end = start + (long) (limit * NANOS);
      for (long now = start; now < end; now = System.nanoTime()) {
        int index = sample % work.pictures.size();
        Picture from = picture;
        if (work.predecoded) {
          from = held.get(index);
        } else {
          decode(decoder, work.pictures.get(index), picture);
          decoding += System.nanoTime() - now;
        }
        long row = pairs % BATCH * bytes;
        maker.views(from, 0, sample, queries.asSlice(row, bytes), keys.asSlice(row, bytes));
        sample++;
        pairs++;
      }
      return new Result(
          pairs,
          pairs / BATCH,
          (System.nanoTime() - start) / NANOS,
          (threads.getCurrentThreadCpuTime() - cpu) / NANOS,
          decoding / NANOS,
          KernelSet.chosen());
    }
  }
}
