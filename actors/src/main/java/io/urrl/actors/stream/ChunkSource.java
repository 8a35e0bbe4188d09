package io.urrl.actors.stream;

import java.lang.foreign.MemorySegment;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes of a tensor, copied once: into the stream's log. */
@FunctionalInterface
public interface ChunkSource {

  /**
   * Copies bytes {@code offset} to {@code offset + length} of the tensor.
   *
   * @param at where in {@code target} they go
   */
  void copyTo(long offset, MutableDirectBuffer target, int at, int length);

  /**
   * The bytes of off-heap memory.
   *
   * @param memory less than 2 GiB
   */
  static ChunkSource of(MemorySegment memory) {
    UnsafeBuffer bytes = new UnsafeBuffer(memory.asByteBuffer());
    return (offset, target, at, length) -> target.putBytes(at, bytes, (int) offset, length);
  }
}
