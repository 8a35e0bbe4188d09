package io.urrl.actors.stream;

import io.urrl.actors.tensor.Bfloat16;
import java.lang.foreign.MemorySegment;
import org.agrona.MutableDirectBuffer;

/**
 * A float32 tensor that goes over the wire as bfloat16, in half its bytes: rounded on the way into
 * the stream's log. Its {@link Provenance} holds {@link Bfloat16#digest}, the digest of what the
 * receiver will hold.
 */
public final class Bfloat16Source implements ChunkSource {
  private final MemorySegment floats;

  /**
   * @param floats off the heap
   */
  public Bfloat16Source(MemorySegment floats) {
    this.floats = floats;
  }

  /** Bytes on the wire. */
  public long bytes() {
    return floats.byteSize() / Float.BYTES * Bfloat16.BYTES;
  }

  /** Offsets and lengths are even, since payloads are multiples of a cache line. */
  @Override
  public void copyTo(long offset, MutableDirectBuffer target, int at, int length) {
    MemorySegment place = MemorySegment.ofAddress(target.addressOffset() + at).reinterpret(length);
    Bfloat16.round(
        floats, offset / Bfloat16.BYTES * Float.BYTES, place, 0, length / Bfloat16.BYTES);
  }
}
