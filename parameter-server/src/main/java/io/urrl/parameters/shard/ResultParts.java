package io.urrl.parameters.shard;

import io.urrl.actors.objective.Objective;
import io.urrl.actors.objective.Parts;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ResultBytes;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.TensorAssembly;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Room for what one micro-batch sends to a shard: its slice of the gradient, what it contributes to
 * the objective's companions, and last what the worker says of it. While chunks arrive the receive
 * thread owns it, afterwards the shard.
 */
final class ResultParts {
  /** More than a result of any micro-batch takes; it is one chunk. */
  private static final int REPORT_BYTES = 1 << 15;

  private final TensorAssembly gradient;
  private final TensorAssembly[] contributions;
  private final TensorAssembly report = TensorAssembly.upTo(allocate(REPORT_BYTES));
  private long step;
  private int index;
  private int attempt;

  /** Read when all of it is here. */
  private Result result;

  /**
   * @param contributionBytes to each companion of the shard, which only the first slice's has
   */
  ResultParts(MemorySegment gradient, List<Long> contributionBytes) {
    this.gradient = TensorAssembly.digesting(gradient);
    contributions =
        contributionBytes.stream()
            .map(bytes -> TensorAssembly.digesting(allocate(bytes)))
            .toArray(TensorAssembly[]::new);
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
    for (TensorAssembly contribution : contributions) {
      contribution.begin();
    }
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
    int part = header.result().part();
    return switch (part) {
      case Parts.GRADIENT -> gradient.accept(header, bytes);
      case Parts.REPORT -> report.accept(header, bytes);
      default -> {
        int index = Parts.companionOf(part);
        yield index >= 0
            && index < contributions.length
            && contributions[index].accept(header, bytes);
      }
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
        || (gradient.isComplete()
            && Arrays.stream(contributions).allMatch(TensorAssembly::isComplete));
  }

  /** What the worker says; only when {@link #complete}. */
  Result result() {
    return result;
  }

  /** Digest of the state that it was computed at. */
  long basis() {
    return report.basis();
  }

  /**
   * What is not as it was when it was computed, for people; empty when all is.
   *
   * @param objective whose companions the contributions are for
   */
  Optional<String> damage(Objective objective) {
    if (!result.finite()) {
      return Optional.empty();
    }
    if (!gradient.isIntact()) {
      return Optional.of("gradient");
    }
    return IntStream.range(0, contributions.length)
        .filter(index -> !contributions[index].isIntact())
        .mapToObj(index -> "contribution to the " + objective.companions().get(index).name())
        .findFirst();
  }

  /** Hands over the gradient's memory and takes {@code fresh} in its place. */
  MemorySegment exchangeGradient(MemorySegment fresh) {
    return gradient.exchange(fresh);
  }

  /** What it contributes to each companion. */
  List<MemorySegment> contributions() {
    return Arrays.stream(contributions).map(TensorAssembly::tensor).toList();
  }
}
