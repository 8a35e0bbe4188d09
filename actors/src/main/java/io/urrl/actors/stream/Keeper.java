package io.urrl.actors.stream;

import io.aeron.Aeron;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's data plane open, on a thread of its own, so that neither senders nor the receive
 * thread ever wait for the media driver: it opens what inlets and writers need, closes what is of
 * no use any more, and opens all of it again when the driver or the connection to it died.
 */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  /** Nanoseconds after which to look for an answer of the media driver. */
  static final long POLL = 1_000_000;

  /** Nanoseconds after which to see whether something can be tried again. */
  static final long RETRY = 100_000_000;

  /** Nanoseconds after which to look for what nobody tells. */
  static final long REST = 1_000_000_000;

  private static final long NEVER = Long.MIN_VALUE;

  private final DriverConnection connection;
  private final StreamTiming timing;
  private final ReceiveAgent agent;
  private final Collection<PublicationWriter> writers;
  private final CompletableFuture<StreamException> lost;
  private final Queue<Inlet> leaving = new ConcurrentLinkedQueue<>();
  private final Queue<PublicationWriter> ending = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  private long lostAt = NEVER;
  private long retryAt;
  private boolean connected = true;
  private String trouble = "";

  /**
   * Does nothing before {@link #start}.
   *
   * @param connection that is open
   * @param writers a view of all that there are at any time
   * @param lost completed when the data plane died and could not be opened again
   */
  Keeper(
      DriverConnection connection,
      StreamTiming timing,
      ReceiveAgent agent,
      Collection<PublicationWriter> writers,
      CompletableFuture<StreamException> lost) {
    this.connection = connection;
    this.timing = timing;
    this.agent = agent;
    this.writers = writers;
    this.lost = lost;
    thread = Thread.ofPlatform().daemon().name("urrl-streams").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Has it look now. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** Closes an inlet that the receive thread polls no more. */
  void close(Inlet inlet) {
    leaving.add(inlet);
    wake();
  }

  /** Closes a writer that nobody uses any more. */
  void close(PublicationWriter writer) {
    writer.close();
    ending.add(writer);
    wake();
  }

  private void run() {
    try {
      while (!closed) {
        LockSupport.parkNanos(this, attempt());
      }
    } finally {
      if (!closed) {
        report("the thread that keeps the streams open has ended");
      }
    }
  }

  private long attempt() {
    try {
      return work(timing.clock().getAsLong());
    } catch (RuntimeException e) {
      LOG.warn("the streams could not be looked after just now", e);
      return REST;
    }
  }

  private long work(long now) {
    if (connected && connection.isLost()) {
      connected = false;
      retryAt = now;
      trouble = connection.reason();
      if (lostAt == NEVER) {
        lostAt = now;
        LOG.warn("the streams are lost ({}); they are opened again", trouble);
      }
    }
    if (!connected && now - retryAt >= 0) {
      reopen(now);
    }
    long pause = connected ? serve(connection.client().aeron(), now) : RETRY;
    if (lostAt != NEVER) {
      settle(now);
      return Math.min(pause, RETRY);
    }
    return pause;
  }

  private void reopen(long now) {
    try {
      connection.reopen();
      connected = true;
    } catch (Exception e) {
      LOG.debug("the streams are not open yet", e);
      trouble = e.getMessage();
      retryAt = now + REST;
    }
  }

  private long serve(Aeron aeron, long now) {
    for (Inlet left = leaving.poll(); left != null; left = leaving.poll()) {
      left.close();
    }
    for (PublicationWriter ended = ending.poll(); ended != null; ended = ending.poll()) {
      ended.release(aeron);
    }
    long pause = REST;
    for (Inlet inlet : agent.inlets()) {
      pause = Math.min(pause, inlet.open(aeron, now));
    }
    long idle = timing.idle().toNanos();
    for (PublicationWriter writer : writers) {
      pause = Math.min(pause, writer.keep(aeron, now, idle));
    }
    return pause;
  }

  private void settle(long now) {
    boolean open = connected;
    for (Inlet inlet : agent.inlets()) {
      open &= inlet.isOpen(connection.client().aeron());
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(now - lostAt);
    if (open) {
      lostAt = NEVER;
      LOG.info("the streams are open again after {} ms", millis);
    } else if (now - lostAt >= timing.reopening().toNanos() && !lost.isDone()) {
      String what = connected ? "a receiver cannot have its UDP port back" : trouble;
      report(
          "the streams are lost and could not be opened again within "
              + timing.reopening().toSeconds()
              + " s: "
              + what);
    }
  }

  /** On another thread, since whoever hears of it may close all of this. */
  private void report(String text) {
    LOG.error(text);
    lost.completeAsync(() -> new StreamException(text));
  }

  /** Ends the thread, which may be at work for a few seconds where the driver is gone. */
  void stop() {
    closed = true;
    wake();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
