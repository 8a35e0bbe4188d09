package io.urrl.actors.stream;

import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import java.time.Duration;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * Sends tensors to one receiver as chunks, each within one fragment. Threads may share a writer:
 * each claims its own piece of the log. A sender waits while the receiver is behind; nothing is
 * buffered but the log itself.
 */
public final class ChunkWriter {
  /** Payloads are multiples of a cache line, so that chunks start aligned in their tensor. */
  private static final int ALIGNMENT = 64;

  /** How long a receiver that was there and is gone may take to come back. */
  private static final long GONE_NANOS = 2_000_000_000L;

  private static final ThreadLocal<Sender> SENDERS = ThreadLocal.withInitial(Sender::new);

  /** What a sending thread needs for itself. */
  private static final class Sender {
    private final BufferClaim claim = new BufferClaim();
    private final ChunkChecksum checksum = new ChunkChecksum();
    private final IdleStrategy idle = new BackoffIdleStrategy(100, 100, 1_000, 100_000);
  }

  private final Publication publication;
  private final long runId;
  private final long timeoutNanos;
  private final int largestPayload;
  private final StreamCounters counters;

  /** Whether the receiver was ever there; a stale read costs a longer wait at most. */
  private volatile boolean connected;

  ChunkWriter(Publication publication, long runId, Duration timeout, StreamCounters counters) {
    this.publication = publication;
    this.runId = runId;
    this.timeoutNanos = timeout.toNanos();
    this.counters = counters;
    int room = publication.maxPayloadLength() - ChunkHeader.LENGTH;
    largestPayload = room - room % ALIGNMENT;
  }

  /**
   * Sends bytes {@code offset} to {@code offset + length} of a tensor.
   *
   * @param provenance of the whole tensor
   * @param total bytes of the whole tensor
   * @throws StreamException when the receiver does not take them in time, or is gone
   */
  public void send(
      ChunkId id, Provenance provenance, ChunkSource source, long offset, long length, long total) {
    Sender sender = SENDERS.get();
    long sent = 0;
    do {
      int payload = (int) Math.min(largestPayload, length - sent);
      sendChunk(sender, id, provenance, source, offset + sent, payload, total);
      sent += payload;
    } while (sent < length);
  }

  private void sendChunk(
      Sender sender,
      ChunkId id,
      Provenance provenance,
      ChunkSource source,
      long offset,
      int payload,
      long total) {
    BufferClaim claim = sender.claim;
    claim(sender, payload);
    boolean whole = false;
    try {
      int at = claim.offset();
      ChunkHeader.encode(claim.buffer(), at, runId, id, provenance, offset, total, payload);
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

  private void claim(Sender sender, int payload) {
    int length = ChunkHeader.LENGTH + payload;
    long result = publication.tryClaim(length, sender.claim);
    if (result > 0) {
      if (!connected) {
        connected = true;
      }
      return;
    }
    counters.backPressure();
    boolean lost = result == Publication.NOT_CONNECTED && connected;
    long deadline = System.nanoTime() + (lost ? Math.min(GONE_NANOS, timeoutNanos) : timeoutNanos);
    sender.idle.reset();
    while (result <= 0) {
      if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
        throw new StreamException("the stream to " + describe() + " is closed");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new StreamException(
            "%s took no data for %d s"
                .formatted(describe(), Duration.ofNanos(timeoutNanos).toSeconds()));
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new StreamException("interrupted while sending to " + describe());
      }
      sender.idle.idle();
      result = publication.tryClaim(length, sender.claim);
    }
  }

  private String describe() {
    return publication.channel() + " stream " + publication.streamId();
  }

  void close() {
    publication.close();
  }
}
