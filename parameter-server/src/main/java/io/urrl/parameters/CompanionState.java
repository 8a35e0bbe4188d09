package io.urrl.parameters;

import io.urrl.actors.objective.Companion;
import io.urrl.actors.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** A companion as the parameter server keeps it, off the heap. Not thread-safe. */
public interface CompanionState {

  /** Makes room for a companion. */
  static CompanionState of(Companion companion, StateLayout layout, Arena arena) {
    return switch (companion) {
      case Companion.Queue queue ->
          new NegativeQueue(queue.name(), queue.rows(), queue.width(), arena);
      case Companion.Statistics statistics ->
          new RunningStatistics(statistics.encoder(), layout.buffers(), arena);
    };
  }

  /** Name of the file of a checkpoint that an encoder lies in, without its extension. */
  static String file(Companion.Encoder encoder) {
    return switch (encoder) {
      case TRAINED -> "query";
      case MOMENTUM -> "key";
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

  /** Name of the file of a checkpoint that its tensors lie in, without its extension. */
  String file();

  /**
   * Its tensors there, by name.
   *
   * @param scratch for those that do not lie in its own memory
   */
  Map<String, Tensor> tensors(Arena scratch);

  /** Takes its tensors from that file; types and shapes are those of {@link #tensors}. */
  void restore(Map<String, Tensor> file);
}
