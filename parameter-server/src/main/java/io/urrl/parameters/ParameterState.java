package io.urrl.parameters;

import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Everything that one shard owns, off the heap: its slice of the query parameters, of the key
 * parameters and of the momentum buffer, the version, and on the first shard also the negative
 * queue and both encoders' running statistics.
 *
 * <p>The same class with the whole slice is what a checkpoint is written from and read into: {@link
 * #copyTo} moves a shard's part there at the speed of memory, and training goes on while the copy
 * is being written. Not thread-safe.
 */
public final class ParameterState implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  /**
   * What exists once for a run, whatever the number of shards.
   *
   * @param queue negatives
   * @param queryStatistics running statistics of the query encoder
   * @param keyStatistics running statistics of the key encoder
   */
  public record Companions(
      NegativeQueue queue, RunningStatistics queryStatistics, RunningStatistics keyStatistics) {}

  private final StateLayout layout;
  private final TensorLayout.Slice slice;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment query;
  private final MemorySegment key;
  private final MemorySegment velocity;
  private final Optional<Companions> companions;
  private long version;

  /**
   * Parameters and momentum 0, queue 0, statistics at mean 0 and variance 1, version 0.
   *
   * @param layout shapes of the whole run
   * @param slice the part of the parameters that lies here
   * @param first whether queue and statistics lie here, too
   */
  public ParameterState(StateLayout layout, TensorLayout.Slice slice, boolean first) {
    if (slice.to() > layout.parameters().size()) {
      throw new IllegalArgumentException(
          slice + " of " + layout.parameters().size() + " parameters");
    }
    this.layout = layout;
    this.slice = slice;
    query = allocate();
    key = allocate();
    velocity = allocate();
    companions =
        first
            ? Optional.of(
                new Companions(
                    new NegativeQueue(layout.keys(), layout.dim(), arena),
                    new RunningStatistics(layout.buffers(), arena),
                    new RunningStatistics(layout.buffers(), arena)))
            : Optional.empty();
  }

  /**
   * A state that holds everything: a single shard's, or the one that a checkpoint passes through.
   */
  public static ParameterState whole(StateLayout layout) {
    return new ParameterState(layout, layout.whole(), true);
  }

  /**
   * One optimiser step on this slice: gradient as {@link SgdKernel} takes it; version + 1.
   *
   * @return digests of the parameters that it read and that it left
   */
  DigestedUpdate.Outcome update(
      SgdKernel.Rule rule, MemorySegment gradient, ParallelRanges ranges) {
    SgdKernel.Buffers buffers = new SgdKernel.Buffers(gradient, query, velocity, key);
    DigestedUpdate.Outcome outcome = DigestedUpdate.apply(rule, buffers, ranges);
    version++;
    return outcome;
  }

  /**
   * Copies this part and the version to its place in a state that holds everything.
   *
   * @throws IllegalArgumentException when the other one is of another layout or not whole
   */
  public void copyTo(ParameterState whole) {
    part(whole.query, whole).copyFrom(query);
    part(whole.key, whole).copyFrom(key);
    part(whole.velocity, whole).copyFrom(velocity);
    companions.ifPresent(mine -> copy(mine, whole.requireCompanions()));
    whole.version = version;
  }

  /** Takes this part and the version over from a state that holds everything. */
  public void copyFrom(ParameterState whole) {
    query.copyFrom(part(whole.query, whole));
    key.copyFrom(part(whole.key, whole));
    velocity.copyFrom(part(whole.velocity, whole));
    companions.ifPresent(mine -> copy(whole.requireCompanions(), mine));
    version = whole.version;
  }

  /** Shapes of the whole run. */
  public StateLayout layout() {
    return layout;
  }

  /** The part of the parameters that lies here, in floats. */
  public TensorLayout.Slice slice() {
    return slice;
  }

  /** This slice of the query encoder's parameters, float32. */
  public MemorySegment query() {
    return query;
  }

  /** This slice of the key encoder's parameters, float32. */
  public MemorySegment key() {
    return key;
  }

  /** This slice of the optimiser's momentum buffer, float32. */
  public MemorySegment velocity() {
    return velocity;
  }

  /** Queue and statistics, on the first shard. */
  public Optional<Companions> companions() {
    return companions;
  }

  /**
   * Queue and statistics.
   *
   * @throws IllegalStateException on any but the first shard
   */
  public Companions requireCompanions() {
    return companions.orElseThrow(
        () -> new IllegalStateException("queue and statistics lie on the first shard only"));
  }

  /** Optimiser steps applied so far. */
  public long version() {
    return version;
  }

  /** Sets the version, when a state is restored. */
  public void version(long version) {
    this.version = version;
  }

  /** Frees the memory; segments must not be touched any more. */
  @Override
  public void close() {
    arena.close();
  }

  private MemorySegment allocate() {
    long bytes = slice.length() * Float.BYTES;
    return arena.allocate(Math.max(1, bytes), ALIGNMENT).asSlice(0, bytes);
  }

  private MemorySegment part(MemorySegment segment, ParameterState whole) {
    if (!whole.layout.equals(layout) || !whole.slice.equals(layout.whole())) {
      throw new IllegalArgumentException("not a whole state of the same layout");
    }
    return segment.asSlice(slice.from() * Float.BYTES, slice.length() * Float.BYTES);
  }

  private static void copy(Companions from, Companions to) {
    to.queue().copyFrom(from.queue());
    to.queryStatistics().copyFrom(from.queryStatistics());
    to.keyStatistics().copyFrom(from.keyStatistics());
  }
}
