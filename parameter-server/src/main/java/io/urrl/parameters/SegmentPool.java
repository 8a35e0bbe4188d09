package io.urrl.parameters;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Off-heap buffers of one size that are used again and again. Grows when none is free and never
 * shrinks; a buffer that is not given back is freed when nobody knows it any more, and so are all
 * when nobody knows the pool. Not thread-safe: whoever owns the reduction owns the pool.
 */
public final class SegmentPool {
  private static final long CACHE_LINE = 64;

  private final long bytes;
  private final Deque<MemorySegment> free = new ArrayDeque<>();
  private int created;

  /**
   * An empty pool.
   *
   * @param floats length of each buffer
   */
  public SegmentPool(long floats) {
    bytes = Math.multiplyExact(floats, (long) Float.BYTES);
  }

  /** A buffer with arbitrary content, aligned to a cache line. */
  public MemorySegment acquire() {
    MemorySegment buffer = free.poll();
    if (buffer != null) {
      return buffer;
    }
    created++;
    return Arena.ofAuto().allocate(bytes, CACHE_LINE);
  }

  /** Gives back a buffer that {@link #acquire} handed out. */
  public void release(MemorySegment buffer) {
    free.push(buffer);
  }

  /** Buffers that exist, in use or free. */
  public int size() {
    return created;
  }

  /** Buffers that nobody uses. */
  public int free() {
    return free.size();
  }

  /** Bytes of one buffer. */
  public long bufferBytes() {
    return bytes;
  }
}
