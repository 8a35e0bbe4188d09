package io.urrl.parameters;

import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Everything that one shard owns, off the heap: its slice of the parameters, of their moving
 * average (the momentum encoder) where the objective has one, and of the momentum buffer; the
 * version; and on the first shard the objective's companions.
 *
 * <p>The same class with the whole slice is what a checkpoint is written from and read into: {@link
 * #copyTo} moves a shard's part there at the speed of memory, and training goes on while the copy
 * is being written. Not thread-safe.
 */
public final class ParameterState implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final StateLayout layout;
  private final TensorLayout.Slice slice;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment parameters;
  private final MemorySegment momentumEncoder;
  private final MemorySegment velocity;
  private final List<CompanionState> companions;
  private long version;

  /**
   * Parameters and momentum 0, companions as they are made, version 0.
   *
   * @param layout shapes of the whole run
   * @param slice the part of the parameters that lies here
   * @param first whether the companions lie here, too
   */
  public ParameterState(StateLayout layout, TensorLayout.Slice slice, boolean first) {
    if (slice.to() > layout.parameters().size()) {
      throw new IllegalArgumentException(
          slice + " of " + layout.parameters().size() + " parameters");
    }
    this.layout = layout;
    this.slice = slice;
    parameters = allocate(slice.length());
    momentumEncoder = allocate(layout.objective().hasMomentumEncoder() ? slice.length() : 0);
    velocity = allocate(slice.length());
    companions =
        first
            ? layout.objective().companions().stream()
                .map(companion -> CompanionState.of(companion, layout, arena))
                .toList()
            : List.of();
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
    SgdKernel.Buffers buffers =
        new SgdKernel.Buffers(gradient, parameters, velocity, momentumEncoder);
    DigestedUpdate.Outcome outcome = DigestedUpdate.apply(rule, buffers, ranges);
    version++;
    return outcome;
  }

  /**
   * Copies this part and the version to its place in a state that holds it, too: one of the same
   * slice, or one that holds everything.
   *
   * @throws IllegalArgumentException when the other one is of another layout or lacks the slice
   */
  public void copyTo(ParameterState other) {
    requireWithin(other);
    partOf(other, other.parameters).copyFrom(parameters);
    partOf(other, other.momentumEncoder).copyFrom(momentumEncoder);
    partOf(other, other.velocity).copyFrom(velocity);
    for (int index = 0; index < companions.size(); index++) {
      other.companions.get(index).copyFrom(companions.get(index));
    }
    other.version = version;
  }

  /** Takes this part and the version over from a state that holds it, too. */
  public void copyFrom(ParameterState other) {
    requireWithin(other);
    parameters.copyFrom(partOf(other, other.parameters));
    momentumEncoder.copyFrom(partOf(other, other.momentumEncoder));
    velocity.copyFrom(partOf(other, other.velocity));
    for (int index = 0; index < companions.size(); index++) {
      companions.get(index).copyFrom(other.companions.get(index));
    }
    version = other.version;
  }

  /** Shapes of the whole run. */
  public StateLayout layout() {
    return layout;
  }

  /** The part of the parameters that lies here, in floats. */
  public TensorLayout.Slice slice() {
    return slice;
  }

  /** This slice of the parameters, float32. */
  public MemorySegment parameters() {
    return parameters;
  }

  /** This slice of the momentum encoder's parameters, float32; empty where there is none. */
  public MemorySegment momentumEncoder() {
    return momentumEncoder;
  }

  /** This slice of the optimiser's momentum buffer, float32. */
  public MemorySegment velocity() {
    return velocity;
  }

  /** The objective's companions in their order, on the first shard; elsewhere none. */
  public List<CompanionState> companions() {
    return companions;
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

  private MemorySegment allocate(long floats) {
    long bytes = floats * Float.BYTES;
    return arena.allocate(Math.max(1, bytes), ALIGNMENT).asSlice(0, bytes);
  }

  private void requireWithin(ParameterState other) {
    boolean within = other.slice.from() <= slice.from() && slice.to() <= other.slice.to();
    if (!other.layout.equals(layout) || !within || other.companions.size() < companions.size()) {
      throw new IllegalArgumentException("not a state of the same layout that has " + slice);
    }
  }

  private MemorySegment partOf(ParameterState other, MemorySegment all) {
    return all.byteSize() == 0
        ? all
        : all.asSlice(
            (slice.from() - other.slice.from()) * Float.BYTES, slice.length() * Float.BYTES);
  }
}
