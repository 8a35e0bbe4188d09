package io.urrl.launch.command.soak;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A request to stop, which ends the processes that are under way. For any thread. */
public final class Stop {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final Set<Process> underWay = new HashSet<>();

  /** Asks to stop. */
  public synchronized void ask() {
    asked.countDown();
    underWay.forEach(Process::destroyForcibly);
  }

  /** Whether somebody asked. */
  public boolean asked() {
    return asked.getCount() == 0;
  }

  /** Waits until somebody asks, but no longer than some milliseconds; returns whether one did. */
  boolean await(long milliseconds) throws InterruptedException {
    return asked.await(milliseconds, TimeUnit.MILLISECONDS);
  }

  synchronized void began(Process process) {
    underWay.add(process);
    if (asked()) {
      process.destroyForcibly();
    }
  }

  synchronized void ended(Process process) {
    underWay.remove(process);
  }
}
