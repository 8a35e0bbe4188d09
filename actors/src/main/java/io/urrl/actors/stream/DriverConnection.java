package io.urrl.actors.stream;

import io.aeron.CommonContext;
import io.aeron.exceptions.DriverTimeoutException;
import java.io.File;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the media driver of a node, which is a thread of this process or a process that others
 * run, each time that it has to be found: at the start, and after it or the connection to it died.
 * One thread opens; any may look at what is open.
 */
final class DriverConnection {
  private static final Logger LOG = LoggerFactory.getLogger(DriverConnection.class);

  private final StreamSettings settings;
  private final StreamTiming timing;
  private final Supplier<IdleStrategy> idle;
  private final Runnable onEnd;
  private final String identity;
  private volatile EmbeddedDriver embedded;
  private volatile DriverClient client;

  /**
   * Connects for the first time, to an external driver also when that starts only now.
   *
   * @param idle how an embedded driver waits
   * @param onEnd runs on any thread when driver or client may have died
   */
  DriverConnection(
      StreamSettings settings, StreamTiming timing, Supplier<IdleStrategy> idle, Runnable onEnd) {
    this.settings = settings;
    this.timing = timing;
    this.idle = idle;
    this.onEnd = onEnd;
    try {
      client = connect();
    } catch (RuntimeException e) {
      CloseHelper.quietClose(embedded);
      throw e;
    }
    identity =
        isExternal() ? DriverIdentity.of(Path.of(settings.directory())) : DriverIdentity.own();
  }

  /** Shared by exactly those that share the driver's memory; the same for all drivers here. */
  String identity() {
    return identity;
  }

  /** Where the driver's files are now. */
  String directory() {
    return isExternal() ? settings.directory() : embedded.directory();
  }

  /** The driver in this process, null where it is an external one. */
  EmbeddedDriver embedded() {
    return embedded;
  }

  DriverClient client() {
    return client;
  }

  private boolean isExternal() {
    return !settings.directory().isEmpty();
  }

  boolean isLost() {
    return client.hasEnded() || (embedded != null && embedded.hasEnded());
  }

  /** Why it is lost, for people. */
  String reason() {
    if (embedded != null && embedded.hasEnded()) {
      return "the media driver's thread has ended";
    }
    return client.reason().isEmpty() ? "the connection was closed" : client.reason();
  }

  /**
   * Takes the place of a connection that is lost: through the same embedded driver if it lives,
   * else through a new one. An external driver is not waited for.
   *
   * @throws RuntimeException when there is no driver yet, of many types of Aeron
   */
  void reopen() {
    if (!client.hasEnded()) {
      closeAside(client::close);
    }
    if (isExternal()) {
      requireDriver();
    } else if (embedded != null && !embedded.answers()) {
      closeAside(embedded);
      embedded = null;
    }
    client = connect();
  }

  private void requireDriver() {
    long silence = timing.silence().toMillis();
    if (!CommonContext.isDriverActive(new File(settings.directory()), silence, LOG::trace)) {
      throw new DriverTimeoutException("no media driver runs at " + settings.directory());
    }
  }

  private DriverClient connect() {
    if (!isExternal() && embedded == null) {
      embedded = EmbeddedDriver.launch(settings, DriverDirectory.fresh(), idle.get(), onEnd);
    }
    return DriverClient.connect(directory(), timing.silence(), onEnd);
  }

  /** What is dead may take its time to close, or never come back from it. */
  private static void closeAside(AutoCloseable dead) {
    Thread.ofPlatform()
        .daemon()
        .name("urrl-streams-close")
        .start(() -> CloseHelper.quietClose(dead));
  }

  /**
   * Closes client and embedded driver.
   *
   * @param quiet whether no thread is at work with the connections' memory
   */
  void close(boolean quiet) {
    CloseHelper.quietClose(quiet ? client::closeNow : client::close);
    CloseHelper.quietClose(embedded);
  }
}
