package io.urrl.gpu.pretext;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A replica of a run's state on one device, and an objective's maths: what a worker computes
 * micro-batches with. For one thread.
 */
public interface Pretext extends AutoCloseable {

  /** The trained parameters, flat float32. */
  MemorySegment parameters();

  /**
   * Puts other parameters in their place.
   *
   * @return the memory of those before
   */
  MemorySegment exchangeParameters(MemorySegment fresh);

  /**
   * The momentum encoder's parameters, flat float32, written in place; empty where there is none.
   */
  MemorySegment momentumEncoder();

  /**
   * A companion that replicas hold, written in place.
   *
   * @param index among the objective's companions
   */
  MemorySegment companion(int index);

  /**
   * Forward and backward of one micro-batch.
   *
   * @param views each part of the objective's views, over all samples: uint8 [b, …]
   * @return valid until the next call
   */
  MicroBatchResult run(List<MemorySegment> views);

  @Override
  void close();
}
