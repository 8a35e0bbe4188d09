package io.urrl.launch.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do to files: nobody tells this one. */
final class Waiting {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  /** Something that may give nothing yet. */
  @FunctionalInterface
  interface Attempt<T> {
    /** What there is now. */
    Optional<T> result() throws IOException;
  }

  /**
   * Looks until something holds.
   *
   * @return whether it held before the time was over and the thread interrupted
   */
  static boolean until(BooleanSupplier holds, Duration most) {
    try {
      return first(() -> Optional.of(holds).filter(BooleanSupplier::getAsBoolean), most)
          .isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first result of an attempt that is made again and again; nothing when the time is over. */
  static <T> Optional<T> first(Attempt<T> attempt, Duration most) throws IOException {
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      Optional<T> result = attempt.result();
      boolean over = System.nanoTime() > end || Thread.currentThread().isInterrupted();
      if (result.isPresent() || over) {
        return result;
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private Waiting() {}
}
