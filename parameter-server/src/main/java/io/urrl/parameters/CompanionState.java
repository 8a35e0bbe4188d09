package io.urrl.parameters;

import io.urrl.actors.objective.Companion;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A companion as the parameter server keeps it, off the heap. Not thread-safe. */
public interface CompanionState {

  /** Makes room for a companion. */
  static CompanionState of(Companion companion, StateLayout layout, Arena arena) {
    return switch (companion) {
      case Companion.Queue queue -> new NegativeQueue(queue.rows(), queue.width(), arena);
      case Companion.Statistics statistics -> new RunningStatistics(layout.buffers(), arena);
    };
  }

  /** Gives it the content that a run begins with; the same bits on every machine. */
  void initialise(long seed);

  /**
   * Takes in what one micro-batch contributes.
   *
   * @param contribution float32 in native order
   */
  void add(MemorySegment contribution);

  /** All values, float32 in native order; its own memory. */
  MemorySegment values();

  /** Where it goes on, for a ring; else 0. */
  int position();

  /** Takes over the content of another of the same shape. */
  void copyFrom(CompanionState other);
}
