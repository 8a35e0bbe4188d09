package io.urrl.actors.stream;

import java.util.concurrent.atomic.LongAdder;

/** What went over a node's streams. Safe for any thread. */
public final class StreamCounters {
  private final LongAdder sentChunks = new LongAdder();
  private final LongAdder sentBytes = new LongAdder();
  private final LongAdder receivedChunks = new LongAdder();
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder backPressured = new LongAdder();
  private final LongAdder corrupted = new LongAdder();
  private final LongAdder foreign = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder duplicate = new LongAdder();

  /**
   * The counts at one time.
   *
   * @param sentBytes payload handed to logs
   * @param receivedBytes payload handed to handlers
   * @param backPressured times that a receiver fell behind its sender
   * @param corrupted chunks dropped for their checksum or length
   * @param foreign chunks dropped for belonging to another run or product version
   * @param stale chunks dropped for belonging to an earlier term or step
   * @param duplicate chunks dropped because nobody waits for them
   */
  public record Snapshot(
      long sentChunks,
      long sentBytes,
      long receivedChunks,
      long receivedBytes,
      long backPressured,
      long corrupted,
      long foreign,
      long stale,
      long duplicate) {}

  void sent(int bytes) {
    sentChunks.increment();
    sentBytes.add(bytes);
  }

  void received(int bytes) {
    receivedChunks.increment();
    receivedBytes.add(bytes);
  }

  void backPressure() {
    backPressured.increment();
  }

  void corrupt() {
    corrupted.increment();
  }

  /** A chunk belongs to another run, or a peer of another version sent it. */
  public void foreign() {
    foreign.increment();
  }

  /** A handler dropped a chunk of an earlier term or step. */
  public void stale() {
    stale.increment();
  }

  /** A handler dropped a chunk that it has, or does not wait for. */
  public void duplicate() {
    duplicate.increment();
  }

  /** The counts now. */
  public Snapshot snapshot() {
    return new Snapshot(
        sentChunks.sum(),
        sentBytes.sum(),
        receivedChunks.sum(),
        receivedBytes.sum(),
        backPressured.sum(),
        corrupted.sum(),
        foreign.sum(),
        stale.sum(),
        duplicate.sum());
  }
}
