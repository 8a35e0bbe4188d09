package io.urrl.actors.stream;

import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A media driver on a thread of this process. */
final class EmbeddedDriver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDriver.class);

  /** A driver that runs writes its sign of life each second. */
  private static final long SIGN_OF_LIFE_MILLIS = 2_000;

  /** How long a driver may take to give a sign of life after a pause of the whole process. */
  private static final long AWAKENING_NANOS = 1_000_000_000;

  private static final long STEP_NANOS = 10_000_000;

  private final MediaDriver driver;
  private final WatchedThread thread;

  private EmbeddedDriver(MediaDriver driver, WatchedThread thread) {
    this.driver = driver;
    this.thread = thread;
  }

  /**
   * Starts a driver.
   *
   * @param directory that is its own; what lies there is deleted
   * @param onEnd runs when its thread has ended, on that thread
   */
  static EmbeddedDriver launch(
      StreamSettings settings, Path directory, IdleStrategy idle, Runnable onEnd) {
    WatchedThread thread = new WatchedThread(onEnd);
    AtomicReference<String> last = new AtomicReference<>();
    MediaDriver.Context context =
        DriverContext.of(settings, directory)
            .sharedThreadFactory(driver -> thread.newThread(() -> run(driver)))
            .sharedIdleStrategy(idle)
            .errorHandler(error -> warn(last, error));
    return new EmbeddedDriver(MediaDriver.launchEmbedded(context), thread);
  }

  /**
   * Runs a driver to its end. An error ends it without closing anything, and its successor is to
   * have the UDP ports.
   */
  private static void run(Runnable driver) {
    try {
      driver.run();
    } catch (Throwable e) {
      if (driver instanceof AgentRunner runner) {
        CloseHelper.quietClose(runner.agent()::onClose);
      }
      throw e;
    }
  }

  /**
   * Says once what is tried again and fails in the same way, as binding a port that is not free.
   */
  private static void warn(AtomicReference<String> last, Throwable error) {
    String text = String.valueOf(error.getMessage());
    if (!text.equals(last.getAndSet(text))) {
      LOG.warn("media driver: {}", text);
    }
  }

  String directory() {
    return driver.aeronDirectoryName();
  }

  boolean hasEnded() {
    return thread.hasEnded();
  }

  /** Waits a moment for a sign of life, up to a second. */
  boolean answers() {
    File files = new File(directory());
    long deadline = System.nanoTime() + AWAKENING_NANOS;
    while (!hasEnded()) {
      if (CommonContext.isDriverActive(files, SIGN_OF_LIFE_MILLIS, LOG::trace)) {
        return true;
      }
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
    return false;
  }

  @Override
  public void close() {
    driver.close();
  }
}
