package io.urrl.gpu.pretext;

import java.lang.foreign.MemorySegment;

/**
 * A replica of a run's encoders on one device: what a worker computes micro-batches with. For one
 * thread.
 */
public interface Pretext extends AutoCloseable {

  /** Query encoder's parameters, flat float32. */
  MemorySegment queryParameters();

  /**
   * Puts other parameters in the query encoder's place.
   *
   * @return the memory of those before
   */
  MemorySegment exchangeQueryParameters(MemorySegment parameters);

  /** Key encoder's parameters, flat float32; written in place. */
  MemorySegment keyParameters();

  /** Negative queue: float32 [K, dim]; written in place. */
  MemorySegment queue();

  /**
   * Forward and backward of one micro-batch.
   *
   * @param queryViews uint8 [b, 3, size, size]
   * @param keyViews uint8 [b, 3, size, size]
   * @return valid until the next call
   */
  MicroBatchResult run(MemorySegment queryViews, MemorySegment keyViews);

  @Override
  void close();
}
