package io.urrl.actors.stream;

import io.aeron.CommonContext;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A media driver for the nodes of a host, at a directory that all of them know. */
public final class StandaloneDriver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandaloneDriver.class);

  /** A driver that lives gives a sign of life more often. */
  private static final long SIGN_OF_LIFE_MILLIS = 2_000;

  private static final long STEP_NANOS = 50_000_000;

  private final EmbeddedDriver driver;
  private final CompletableFuture<Void> ended;

  private StandaloneDriver(EmbeddedDriver driver, CompletableFuture<Void> ended) {
    this.driver = driver;
    this.ended = ended;
  }

  /**
   * Starts a driver, in the place of one that is gone. What a killed one left at the directory is
   * deleted, its sign of life after two seconds without another.
   *
   * @param settings lengths of logs and fragments; its directory counts for nothing
   * @throws StreamException when another driver runs there, or none can be started
   */
  public static StandaloneDriver start(Path directory, StreamSettings settings) {
    long deadline = System.nanoTime() + 2 * SIGN_OF_LIFE_MILLIS * 1_000_000;
    while (CommonContext.isDriverActive(directory.toFile(), SIGN_OF_LIFE_MILLIS, LOG::trace)) {
      if (System.nanoTime() - deadline > 0) {
        throw new StreamException(
            "a media driver runs at %s already; use it, or give another directory"
                .formatted(directory),
            null);
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
    CompletableFuture<Void> ended = new CompletableFuture<>();
    try {
      return new StandaloneDriver(
          EmbeddedDriver.launch(settings, directory, Streams.idle(), () -> ended.complete(null)),
          ended);
    } catch (RuntimeException e) {
      throw new StreamException(
          "no media driver can be started at %s: %s".formatted(directory, e.getMessage()), e);
    }
  }

  /** Completed when its thread has ended, for whatever reason. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /** Ends it and removes its directory. */
  @Override
  public void close() {
    driver.close();
  }
}
