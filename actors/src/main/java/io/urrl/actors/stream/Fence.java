package io.urrl.actors.stream;

import io.urrl.actors.WireMessage;

/**
 * What a chunk belongs to: chunks of other runs and of other terms are dropped wherever they come
 * in.
 *
 * @param run identity of the run, or of an evaluation job
 * @param term fencing number of the run's term
 */
public record Fence(long run, int term) implements WireMessage {
  /** Admits nothing that is sent. */
  public static final Fence NONE = new Fence(0, -1);

  /** Whether a chunk belongs here; one that does not is counted. */
  public boolean admits(ChunkHeader header, StreamCounters counters) {
    if (header.run() != run) {
      counters.foreign();
      return false;
    }
    if (header.term() != term) {
      counters.stale();
      return false;
    }
    return true;
  }
}
