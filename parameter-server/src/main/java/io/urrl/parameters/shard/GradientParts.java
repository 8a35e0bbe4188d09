package io.urrl.parameters.shard;

import io.urrl.actors.stream.ChunkKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Room for what one micro-batch sends: its gradient, its keys and its batch statistics. While
 * chunks arrive the receive thread owns it, afterwards the shard.
 */
final class GradientParts {
  private final MemorySegment[] parts;
  private final long[] received;
  private long step;
  private int index;
  private int attempt;

  GradientParts(MemorySegment gradient, long keyBytes, long statisticBytes) {
    parts =
        new MemorySegment[] {
          gradient,
          Arena.ofAuto().allocate(keyBytes, 64),
          Arena.ofAuto().allocate(Math.max(1, statisticBytes), 64).asSlice(0, statisticBytes)
        };
    received = new long[parts.length];
  }

  /** Empties the room for an attempt at a micro-batch. */
  void begin(long step, int index, int attempt) {
    this.step = step;
    this.index = index;
    this.attempt = attempt;
    java.util.Arrays.fill(received, 0);
  }

  boolean isFor(long step, int index) {
    return this.step == step && this.index == index;
  }

  long step() {
    return step;
  }

  int index() {
    return index;
  }

  int attempt() {
    return attempt;
  }

  /** Hands over the gradient's memory and takes {@code fresh} in its place. */
  MemorySegment exchangeGradient(MemorySegment fresh) {
    MemorySegment gradient = parts[0];
    parts[0] = fresh;
    return gradient;
  }

  MemorySegment keys() {
    return parts[1];
  }

  MemorySegment statistics() {
    return parts[2];
  }

  /**
   * Takes the next bytes of a part.
   *
   * @return whether the bytes were the next ones
   */
  boolean accept(ChunkKind kind, long offset, MemorySegment bytes) {
    int part =
        switch (kind) {
          case GRADIENT -> 0;
          case KEYS -> 1;
          case STATISTICS -> 2;
          default -> -1;
        };
    boolean next =
        part >= 0
            && offset == received[part]
            && offset + bytes.byteSize() <= parts[part].byteSize();
    if (next) {
      parts[part].asSlice(offset, bytes.byteSize()).copyFrom(bytes);
      received[part] += bytes.byteSize();
    }
    return next;
  }

  boolean complete() {
    for (int part = 0; part < parts.length; part++) {
      if (received[part] < parts[part].byteSize()) {
        return false;
      }
    }
    return true;
  }
}
