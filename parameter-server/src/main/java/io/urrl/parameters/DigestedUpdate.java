package io.urrl.parameters;

import io.urrl.actors.tensor.TensorDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * {@link SgdKernel}'s pass with digests of what it reads and of what it leaves. The three go over
 * memory together, a piece at a time that fits the processor's first cache, so that the digests
 * cost no further pass over memory.
 */
public final class DigestedUpdate {
  /** Floats of a piece: 4 KiB of each of the four buffers, within a first cache of 32 KiB. */
  private static final long PIECE = 1024;

  /** Digests of what an update changes. */
  public record Digests(long parameters, long velocity, long momentumEncoder) {}

  /**
   * What a pass met.
   *
   * @param before digests of what it read
   * @param after digests of what it wrote
   */
  public record Outcome(Digests before, Digests after) {}

  /** Running digests of the three buffers. */
  private static final class Trio {
    private final TensorDigest parameters = new TensorDigest();
    private final TensorDigest velocity = new TensorDigest();
    private final TensorDigest momentumEncoder = new TensorDigest();

    void add(SgdKernel.Buffers buffers, long from, long to) {
      parameters.add(buffers.parameters(), from, to);
      velocity.add(buffers.velocity(), from, to);
      if (buffers.hasMomentumEncoder()) {
        momentumEncoder.add(buffers.momentumEncoder(), from, to);
      }
    }

    void append(Trio next) {
      parameters.append(next.parameters);
      velocity.append(next.velocity);
      momentumEncoder.append(next.momentumEncoder);
    }

    Digests value() {
      return new Digests(parameters.value(), velocity.value(), momentumEncoder.value());
    }
  }

  private record Range(Trio before, Trio after) {}

  /** Updates everything, spread over the threads of {@code ranges}. */
  public static Outcome apply(
      SgdKernel.Rule rule, SgdKernel.Buffers buffers, ParallelRanges ranges) {
    Map<Long, Range> parts = new ConcurrentSkipListMap<>();
    ranges.run(buffers.length(), (from, to) -> parts.put(from, range(rule, buffers, from, to)));
    Range whole = new Range(new Trio(), new Trio());
    for (Range part : parts.values()) {
      whole.before.append(part.before);
      whole.after.append(part.after);
    }
    return new Outcome(whole.before.value(), whole.after.value());
  }

  private static Range range(SgdKernel.Rule rule, SgdKernel.Buffers buffers, long from, long to) {
    Range range = new Range(new Trio(), new Trio());
    for (long at = from; at < to; at += PIECE) {
      long end = Math.min(to, at + PIECE);
      range.before.add(buffers, at * Float.BYTES, end * Float.BYTES);
      SgdKernel.apply(rule, buffers, at, end);
      range.after.add(buffers, at * Float.BYTES, end * Float.BYTES);
    }
    return range;
  }

  private DigestedUpdate() {}
}
