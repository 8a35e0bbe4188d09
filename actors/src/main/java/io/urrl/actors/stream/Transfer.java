package io.urrl.actors.stream;

import java.util.List;

/**
 * Tensors on their way to one receiver, one after the other, with a cursor: a receiver that does
 * not take them costs its sender nothing but the memory that they lie in, which must not change
 * until all have gone. For one thread.
 */
public final class Transfer {

  /**
   * One tensor.
   *
   * @param provenance of the whole tensor
   * @param bytes of the whole tensor
   */
  public record Part(ChunkId id, Provenance provenance, ChunkSource source, long bytes) {}

  private final ChunkWriter to;
  private final List<Part> parts;
  private int part;
  private long sent;

  /** Nothing goes before {@link #advance}. */
  public Transfer(ChunkWriter to, List<Part> parts) {
    this.to = to;
    this.parts = parts;
  }

  /**
   * Sends what the receiver takes now.
   *
   * @return whether anything went
   */
  public boolean advance() {
    boolean moved = false;
    while (!isDone()) {
      Part next = parts.get(part);
      long now = to.offer(next.id(), next.provenance(), next.source(), sent, next.bytes());
      moved |= now > sent;
      sent = now;
      if (sent < next.bytes()) {
        return moved;
      }
      part++;
      sent = 0;
    }
    return moved;
  }

  /** Whether all tensors have gone. */
  public boolean isDone() {
    return part == parts.size();
  }
}
