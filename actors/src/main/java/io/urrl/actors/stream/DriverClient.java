package io.urrl.actors.stream;

import io.aeron.Aeron;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.TimeoutException;
import java.time.Duration;
import org.agrona.concurrent.AgentTerminationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of this process to a media driver. It ends when either side hears nothing of the
 * other for too long, and with it all that was opened through it: it is not opened again, another
 * one is.
 */
final class DriverClient {
  private static final Logger LOG = LoggerFactory.getLogger(DriverClient.class);

  /**
   * How long the memory of connections stays mapped after the end, for threads that are copying
   * into it or out of it at that time: touching what is not mapped ends the process.
   */
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final WatchedThread thread;
  private final Aeron aeron;

  /** What ended it; empty as long as nothing did. */
  private volatile String reason = "";

  private DriverClient(String directory, Duration silence, Runnable onEnd) {
    thread = new WatchedThread(onEnd);
    aeron =
        Aeron.connect(
            new Aeron.Context()
                .aeronDirectoryName(directory)
                .driverTimeoutMs(silence.toMillis())
                .closeLingerDurationNs(LINGER.toNanos())
                .threadFactory(thread)
                .closeHandler(onEnd)
                .errorHandler(this::onError)
                .subscriberErrorHandler(error -> LOG.error("a chunk could not be handled", error)));
  }

  /**
   * Connects to a driver that runs, or waits for one.
   *
   * @param silence how long to wait; then, how long a driver without a sign of life counts as alive
   * @param onEnd runs when it has ended, on a thread of its own
   * @throws AeronException when there is no driver
   */
  static DriverClient connect(String directory, Duration silence, Runnable onEnd) {
    return new DriverClient(directory, silence, onEnd);
  }

  private void onError(Throwable error) {
    switch (error) {
      case TimeoutException e -> reason = e.getMessage();
      case AgentTerminationException _ -> LOG.debug("media driver client ends", error);
      default -> LOG.warn("media driver client: {}", error.getMessage());
    }
  }

  Aeron aeron() {
    return aeron;
  }

  boolean hasEnded() {
    return aeron.isClosed() || thread.hasEnded();
  }

  /** What ended it, for people; empty when that is not known. */
  String reason() {
    return reason;
  }

  /** Ends it, with the time that threads at work need; does not return before. */
  void close() {
    aeron.close();
  }

  /** Ends it where no thread is at work with what it opened. */
  void closeNow() {
    aeron.context().closeLingerDurationNs(0);
    aeron.close();
  }
}
