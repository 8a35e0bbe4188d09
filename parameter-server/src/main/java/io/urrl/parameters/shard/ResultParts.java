package io.urrl.parameters.shard;

import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ResultBytes;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.TensorAssembly;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Room for what one micro-batch sends: its gradient, its keys, its batch statistics, and last what
 * the worker says of it. While chunks arrive the receive thread owns it, afterwards the shard.
 */
final class ResultParts {
  /** More than a result of any micro-batch takes; it is one chunk. */
  private static final int REPORT_BYTES = 1 << 15;

  private final TensorAssembly gradient;
  private final TensorAssembly keys;
  private final TensorAssembly statistics;
  private final TensorAssembly report = TensorAssembly.upTo(allocate(REPORT_BYTES));
  private long step;
  private int index;
  private int attempt;

  /** Read when all of it is here. */
  private Result result;

  ResultParts(MemorySegment gradient, long keyBytes, long statisticBytes) {
    this.gradient = TensorAssembly.digesting(gradient);
    keys = TensorAssembly.digesting(allocate(keyBytes));
    statistics = TensorAssembly.digesting(allocate(statisticBytes));
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
  }

  /** Empties the room for an attempt at a micro-batch. */
  void begin(long step, int index, int attempt) {
    this.step = step;
    this.index = index;
    this.attempt = attempt;
    result = null;
    gradient.begin();
    keys.begin();
    statistics.begin();
    report.begin();
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

  /**
   * Takes the next bytes of a part.
   *
   * @return whether the bytes were the next ones
   */
  boolean accept(ChunkHeader header, MemorySegment bytes) {
    return switch (header.kind()) {
      case GRADIENT -> gradient.accept(header, bytes);
      case KEYS -> keys.accept(header, bytes);
      case STATISTICS -> statistics.accept(header, bytes);
      case REPORT -> report.accept(header, bytes);
      case VIEWS, PARAMETERS, QUEUE, MOMENTUM, KEY_PARAMETERS -> false;
    };
  }

  /** Whether everything is here; of a non-finite result that is the report alone. */
  boolean complete() {
    if (!report.isComplete()) {
      return false;
    }
    if (result == null) {
      result = ResultBytes.read(report.tensor().toArray(ValueLayout.JAVA_BYTE));
    }
    return !result.finite()
        || (gradient.isComplete() && keys.isComplete() && statistics.isComplete());
  }

  /** What the worker says; only when {@link #complete}. */
  Result result() {
    return result;
  }

  /** Digest of the state that it was computed at. */
  long basis() {
    return report.basis();
  }

  /** What is not as it was when it was computed, for people; empty when all is. */
  Optional<String> damage() {
    if (!result.finite()) {
      return Optional.empty();
    }
    return !gradient.isIntact()
        ? Optional.of("gradient")
        : !keys.isIntact()
            ? Optional.of("keys")
            : statistics.isIntact() ? Optional.empty() : Optional.of("batch statistics");
  }

  /** Hands over the gradient's memory and takes {@code fresh} in its place. */
  MemorySegment exchangeGradient(MemorySegment fresh) {
    return gradient.exchange(fresh);
  }

  MemorySegment keys() {
    return keys.tensor();
  }

  MemorySegment statistics() {
    return statistics.tensor();
  }
}
