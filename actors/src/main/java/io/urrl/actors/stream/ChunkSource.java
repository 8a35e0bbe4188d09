package io.urrl.actors.stream;

import java.lang.foreign.MemorySegment;
import org.agrona.MutableDirectBuffer;

/** Bytes of a tensor, copied once: into the stream's log. */
@FunctionalInterface
public interface ChunkSource {

  /**
   * Copies bytes {@code offset} to {@code offset + length} of the tensor.
   *
   * @param at where in {@code target} they go
   */
  void copyTo(long offset, MutableDirectBuffer target, int at, int length);

  /** The bytes of off-heap memory. */
  static ChunkSource of(MemorySegment memory) {
    return (offset, target, at, length) ->
        MemorySegment.copy(
            memory,
            offset,
            MemorySegment.ofAddress(target.addressOffset() + at).reinterpret(length),
            0,
            length);
  }
}
