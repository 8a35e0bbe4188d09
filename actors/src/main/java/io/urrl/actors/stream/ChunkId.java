package io.urrl.actors.stream;

/** Identity of a tensor on the wire. Its kind follows from its type. */
public sealed interface ChunkId {

  /** Run and term that it belongs to. */
  Fence fence();

  /**
   * What was made of one sample.
   *
   * @param step optimiser step, or pass over an evaluation's data
   * @param index micro-batch within the step, or block within the pass
   * @param place sample within that
   * @param epoch that its randomness was drawn for
   * @param sample index into its data set
   */
  record Views(Fence fence, long step, int index, int place, int epoch, int sample)
      implements ChunkId {}

  /**
   * A part of what came of a micro-batch.
   *
   * @param step optimiser step
   * @param index micro-batch within the step
   * @param attempt number of the lease under which it was computed
   * @param part which one
   */
  record Result(Fence fence, long step, int index, int attempt, int part) implements ChunkId {}

  /**
   * A part of a run's state.
   *
   * @param version optimiser steps applied
   * @param whole whether all of the state comes, and not what changed with the last step
   * @param part which one
   * @param position where a ring goes on
   */
  record State(Fence fence, long version, boolean whole, int part, int position)
      implements ChunkId {}
}
