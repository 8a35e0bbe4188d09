package io.urrl.actors.stream;

import java.util.concurrent.ThreadFactory;

/**
 * Makes one thread and tells when it has ended, also when an error ended it of which nobody else
 * hears. The thread does not keep the process alive.
 */
final class WatchedThread implements ThreadFactory {
  private final Runnable onEnd;
  private volatile boolean ended;

  /** The task runs on the ending thread. */
  WatchedThread(Runnable onEnd) {
    this.onEnd = onEnd;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(() -> run(task));
    thread.setDaemon(true);
    return thread;
  }

  private void run(Runnable task) {
    try {
      task.run();
    } finally {
      ended = true;
      onEnd.run();
    }
  }

  boolean hasEnded() {
    return ended;
  }
}
