package io.urrl.actors.stream;

import io.urrl.actors.tensor.Bfloat16;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.MemorySegment;

/**
 * One tensor of {@link Bfloat16Source} on its way in, expanded on its way out of the stream's log
 * to float32 in its final place. Its chunks are taken in their order, each once.
 */
public final class Bfloat16Assembly {
  private final MemorySegment floats;
  private final long total;
  private final TensorDigest arriving = new TensorDigest();
  private long received;
  private long digest;
  private long basis;
  private int detail;

  /**
   * @param floats that the tensor fills
   */
  public Bfloat16Assembly(MemorySegment floats) {
    this.floats = floats;
    total = floats.byteSize() / Float.BYTES * Bfloat16.BYTES;
  }

  /** Empties the room. */
  public void begin() {
    received = 0;
    arriving.reset();
  }

  /**
   * Takes a chunk's bytes, if they are the next ones.
   *
   * @return whether they were
   */
  public boolean accept(ChunkHeader header, MemorySegment bytes) {
    long length = bytes.byteSize();
    if (header.total() != total
        || header.offset() != received
        || received + length > total
        || length % Bfloat16.BYTES != 0) {
      return false;
    }
    long at = received / Bfloat16.BYTES * Float.BYTES;
    long count = length / Bfloat16.BYTES;
    Bfloat16.expand(bytes, 0, floats, at, count);
    arriving.add(floats, at, at + count * Float.BYTES);
    received += length;
    digest = header.digest();
    basis = header.basis();
    detail = header.detail();
    return true;
  }

  /** Whether all of it is here. */
  public boolean isComplete() {
    return received == total;
  }

  /** Whether what came in is what was to come of the sender's floats. */
  public boolean isIntact() {
    return total == 0 || arriving.value() == digest;
  }

  /** Digest of the floats, as the sender worked it out. */
  public long digest() {
    return digest;
  }

  /** See {@link Provenance#basis}. */
  public long basis() {
    return basis;
  }

  /** See {@link Provenance#detail}. */
  public int detail() {
    return detail;
  }
}
