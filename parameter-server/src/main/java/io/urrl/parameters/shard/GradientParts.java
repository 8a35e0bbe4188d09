package io.urrl.parameters.shard;

import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Room for what one micro-batch sends: its gradient, its keys and its batch statistics. While
 * chunks arrive the receive thread owns it, afterwards the shard.
 */
final class GradientParts {
  private static final List<String> NAMES = List.of("gradient", "keys", "batch statistics");

  private final MemorySegment[] parts;
  private final long[] received;

  /** What has come in of each part, and what its sender says that it is. */
  private final TensorDigest[] found = {new TensorDigest(), new TensorDigest(), new TensorDigest()};

  private final long[] expected;
  private long step;
  private int index;
  private int attempt;
  private long basis;
  private int lag;

  GradientParts(MemorySegment gradient, long keyBytes, long statisticBytes) {
    parts =
        new MemorySegment[] {
          gradient,
          Arena.ofAuto().allocate(keyBytes, 64),
          Arena.ofAuto().allocate(Math.max(1, statisticBytes), 64).asSlice(0, statisticBytes)
        };
    received = new long[parts.length];
    expected = new long[parts.length];
  }

  /** Empties the room for an attempt at a micro-batch. */
  void begin(long step, int index, int attempt) {
    this.step = step;
    this.index = index;
    this.attempt = attempt;
    java.util.Arrays.fill(received, 0);
    for (TensorDigest digest : found) {
      digest.reset();
    }
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

  /** Digest of the state that the gradient was computed at. */
  long basis() {
    return basis;
  }

  /** Version of the parameters that it was computed at. */
  long version() {
    return step - lag;
  }

  /** What is not as it was when it was computed, for people; empty when all is. */
  Optional<String> damage() {
    for (int part = 0; part < parts.length; part++) {
      if (found[part].value() != expected[part]) {
        return Optional.of(NAMES.get(part));
      }
    }
    return Optional.empty();
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
   * @param digest of the whole part where it was computed
   * @param basis digest of the state that it was computed at
   * @param lag versions that this state is behind the step
   * @return whether the bytes were the next ones
   */
  boolean accept(
      ChunkKind kind, long digest, long basis, int lag, long offset, MemorySegment bytes) {
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
      found[part].add(bytes);
      expected[part] = digest;
      this.basis = basis;
      this.lag = lag;
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
