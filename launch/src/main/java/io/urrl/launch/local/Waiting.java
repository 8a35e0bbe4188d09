package io.urrl.launch.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do to files: nobody tells this one. */
final class Waiting {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * Looks until something holds.
   *
   * @return whether it held before the time was over and the thread interrupted
   */
  static boolean until(BooleanSupplier holds, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE);
    }
    return true;
  }

  private Waiting() {}
}
