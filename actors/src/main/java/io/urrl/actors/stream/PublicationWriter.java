package io.urrl.actors.stream;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.BufferClaim;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes chunks into the log of an Aeron publication. A sender that finds none asks for it and goes
 * on; the keeper's thread opens it, and closes it when its receiver has been gone for long, since a
 * log holds three buffers of shared memory.
 */
final class PublicationWriter implements ChunkWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PublicationWriter.class);

  /** Payloads are multiples of a cache line, so that chunks start aligned in their tensor. */
  private static final int ALIGNMENT = 64;

  /** How long after a refused connection the next is asked for. */
  private static final long PAUSE_NANOS = 1_000_000_000;

  private static final ThreadLocal<Sender> SENDERS = ThreadLocal.withInitial(Sender::new);

  /** What a sending thread needs for itself. */
  private static final class Sender {
    private final BufferClaim claim = new BufferClaim();
    private final ChunkChecksum checksum = new ChunkChecksum();
  }

  /** An open log; drivers' logs differ in the length of their fragments. */
  private record Log(Publication publication, int largestPayload) {
    static Log of(Publication publication) {
      int room = publication.maxPayloadLength() - ChunkHeader.LENGTH;
      return new Log(publication, room - room % ALIGNMENT);
    }
  }

  private final String channel;
  private final int streamId;
  private final StreamCounters counters;
  private final Runnable wakeKeeper;

  /** Threads that may be writing into a log at this time. */
  private final AtomicInteger sending = new AtomicInteger();

  private volatile Log log;
  private volatile boolean wanted;
  private volatile boolean closed;

  /** Whether the receiver did not keep up just now, so that it is counted once for all offers. */
  private volatile boolean behind;

  private Aeron aeron;

  /** Registration of the publication that is asked for or open. */
  private long asked = Aeron.NULL_VALUE;

  private boolean opened;
  private long retryAt;
  private long connectedAt;
  private boolean complained;

  /**
   * Opens nothing before something is sent.
   *
   * @param wakeKeeper has {@link #keep} called soon
   */
  PublicationWriter(String channel, int streamId, StreamCounters counters, Runnable wakeKeeper) {
    this.channel = channel;
    this.streamId = streamId;
    this.counters = counters;
    this.wakeKeeper = wakeKeeper;
  }

  @Override
  public long offer(ChunkId id, Provenance provenance, ChunkSource source, long from, long total) {
    sending.incrementAndGet();
    try {
      return closed ? from : write(id, provenance, source, from, total);
    } finally {
      sending.decrementAndGet();
    }
  }

  private long write(ChunkId id, Provenance provenance, ChunkSource source, long from, long total) {
    Log to = log;
    if (to == null) {
      want();
      return from;
    }
    Sender sender = SENDERS.get();
    long sent = from;
    while (sent < total && !closed) {
      int payload = (int) Math.min(to.largestPayload, total - sent);
      if (!claim(to, sender.claim, ChunkHeader.LENGTH + payload)) {
        break;
      }
      fill(sender, id, provenance, source, sent, payload, total);
      sent += payload;
    }
    return sent;
  }

  private boolean claim(Log to, BufferClaim claim, int length) {
    long result = to.publication.tryClaim(length, claim);
    if (result == Publication.ADMIN_ACTION) {
      // This claim turned the log to its next buffer; there is room in that one.
      result = to.publication.tryClaim(length, claim);
    }
    if (result > 0) {
      if (behind) {
        behind = false;
      }
      return true;
    }
    if (result == Publication.BACK_PRESSURED && !behind) {
      behind = true;
      counters.backPressure();
    }
    if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
      leave(to);
      want();
    }
    return false;
  }

  private void fill(
      Sender sender,
      ChunkId id,
      Provenance provenance,
      ChunkSource source,
      long offset,
      int payload,
      long total) {
    BufferClaim claim = sender.claim;
    boolean whole = false;
    try {
      int at = claim.offset();
      ChunkHeader.encode(claim.buffer(), at, id, provenance, offset, total, payload);
      source.copyTo(offset, claim.buffer(), at + ChunkHeader.LENGTH, payload);
      ChunkHeader.encodeCrc(claim.buffer(), at, sender.checksum.of(claim.buffer(), at, payload));
      whole = true;
    } finally {
      if (whole) {
        claim.commit();
      } else {
        claim.abort();
      }
    }
    counters.sent(payload);
  }

  /**
   * Sends some bytes that are no chunk, if they can go now.
   *
   * @return whether they went
   */
  boolean say(byte[] message) {
    sending.incrementAndGet();
    try {
      return !closed && write(message);
    } finally {
      sending.decrementAndGet();
    }
  }

  private boolean write(byte[] message) {
    Log to = log;
    if (to == null) {
      want();
      return false;
    }
    BufferClaim claim = SENDERS.get().claim;
    if (!claim(to, claim, message.length)) {
      return false;
    }
    claim.buffer().putBytes(claim.offset(), message);
    claim.commit();
    return true;
  }

  /** Has the log opened before something is sent. */
  void openAhead() {
    if (log == null) {
      want();
    }
  }

  /** Whether there is a log that somebody reads. */
  boolean isConnected() {
    Log to = log;
    return to != null && to.publication.isConnected();
  }

  /** Whether half of what the log may hold unread is free, so that its readers keep up. */
  boolean hasRoom() {
    Log to = log;
    return to != null && to.publication.availableWindow() >= to.publication.termBufferLength() / 4;
  }

  /** A request that is lost between two threads is made again by the next offer. */
  private void want() {
    if (!wanted) {
      wanted = true;
      wakeKeeper.run();
    }
  }

  private synchronized void leave(Log ended) {
    if (ended.equals(log)) {
      log = null;
    }
  }

  /** Whether it holds a log. */
  boolean isOpen() {
    return log != null;
  }

  /**
   * Opens what was asked for, and closes what is of no use. On the keeper's thread.
   *
   * @param at the connection to the media driver that is open now
   * @param idle nanoseconds after which a log without a receiver is closed
   * @return nanoseconds after which to go on
   */
  long keep(Aeron at, long now, long idle) {
    if (aeron != at) {
      aeron = at;
      log = null;
      asked = Aeron.NULL_VALUE;
      opened = false;
      retryAt = now;
    }
    Log open = log;
    if (open != null) {
      return closeIdle(open, now, idle);
    }
    if (!wanted) {
      return Keeper.REST;
    }
    if (now - retryAt < 0) {
      return Keeper.RETRY;
    }
    try {
      return open(now);
    } catch (AeronException e) {
      asked = Aeron.NULL_VALUE;
      wanted = false;
      retryAt = now + PAUSE_NANOS;
      if (!complained && e instanceof RegistrationException) {
        complained = true;
        LOG.warn("no stream to {} yet: {}", channel, e.getMessage());
      }
      return Keeper.RETRY;
    }
  }

  private long open(long now) {
    if (opened) {
      // It has ended or is full; the latter has to be closed before there can be another.
      remove();
    }
    if (asked == Aeron.NULL_VALUE) {
      asked = aeron.asyncAddPublication(channel, streamId);
    }
    Publication publication = aeron.getPublication(asked);
    if (publication == null) {
      return Keeper.POLL;
    }
    opened = true;
    complained = false;
    connectedAt = now;
    retryAt = now + PAUSE_NANOS;
    log = Log.of(publication);
    wanted = false;
    return Keeper.REST;
  }

  private long closeIdle(Log open, long now, long idle) {
    if (open.publication.isConnected()) {
      connectedAt = now;
    } else if (now - connectedAt >= idle) {
      leave(open);
      remove();
    }
    return Keeper.REST;
  }

  private void remove() {
    aeron.asyncRemovePublication(asked);
    asked = Aeron.NULL_VALUE;
    opened = false;
  }

  /** From now on nothing goes. */
  void close() {
    closed = true;
  }

  /** Closes the log of one that is closed. On the keeper's thread. */
  void release(Aeron at) {
    log = null;
    if (aeron == at && asked != Aeron.NULL_VALUE) {
      remove();
    }
  }

  /** Whether a thread is writing; after {@link #close} none begins. */
  boolean isBusy() {
    return sending.get() > 0;
  }
}
