package io.urrl.parameters;

import io.urrl.actors.tensor.TensorLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Cuts a long run of floats into one contiguous range a thread and waits for all of them. The
 * calling thread takes the first range. One call at a time.
 */
public final class ParallelRanges implements AutoCloseable {
  /** Below this many floats a range, handing over costs more than it brings. */
  private static final long SHORTEST = 1 << 16;

  /** Work on floats {@code from} to {@code to} - 1; ranges of one run never overlap. */
  @FunctionalInterface
  public interface Task {
    /** Does the work for one range. */
    void run(long from, long to);
  }

  private final int threads;
  private final ExecutorService helpers;

  /**
   * Starts {@code threads} - 1 helpers.
   *
   * @param threads at least 1
   */
  public ParallelRanges(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads: at least 1 is needed");
    }
    this.threads = threads;
    helpers =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            Thread.ofPlatform().daemon().name("parameters-range-", 0).factory());
  }

  /** Runs {@code task} over 0..length-1 and returns when all of it is done. */
  public void run(long length, Task task) {
    int parts = Math.clamp(length / SHORTEST, 1, threads);
    long share =
        Math.ceilDiv(Math.ceilDiv(length, parts), TensorLayout.SLICE_ALIGNMENT)
            * TensorLayout.SLICE_ALIGNMENT;
    List<Future<?>> others = new ArrayList<>(parts - 1);
    for (int part = 1; part < parts; part++) {
      long from = Math.min(length, part * share);
      long to = Math.min(length, from + share);
      others.add(helpers.submit(() -> task.run(from, to)));
    }
    RuntimeException failure = attempt(() -> task.run(0, Math.min(length, share)));
    for (Future<?> other : others) {
      RuntimeException late = attempt(() -> await(other));
      failure = failure == null ? late : failure;
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Ends the helpers. */
  @Override
  public void close() {
    helpers.shutdown();
  }

  /** Keeps a failure until all ranges have ended: their memory may be freed right after. */
  private static RuntimeException attempt(Runnable range) {
    try {
      range.run();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  /** Waits through interruption: the range's memory is in use until it is done. */
  private static void await(Future<?> range) {
    boolean interrupted = false;
    while (true) {
      try {
        range.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a range failed", e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
