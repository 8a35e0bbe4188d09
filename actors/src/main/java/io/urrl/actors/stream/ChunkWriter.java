package io.urrl.actors.stream;

/**
 * Sends tensors to one receiver as chunks, each within one fragment, and never waits: what the
 * receiver does not take now is offered again later. Threads may share a writer: each claims its
 * own piece of the log.
 */
public interface ChunkWriter {

  /**
   * Sends as much of a tensor as the receiver takes now.
   *
   * @param provenance of the whole tensor
   * @param from bytes that have gone already
   * @param total bytes of the whole tensor
   * @return bytes that have gone now; {@code from} when nothing can go at present, because the
   *     receiver is behind, not there yet, or gone
   */
  long offer(ChunkId id, Provenance provenance, ChunkSource source, long from, long total);
}
