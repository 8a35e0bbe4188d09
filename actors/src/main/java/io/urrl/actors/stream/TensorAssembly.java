package io.urrl.actors.stream;

import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.MemorySegment;

/**
 * One tensor on its way in, copied once: out of the stream's log to its final place. Its chunks are
 * taken in their order, each once; a second sender's chunks of the same tensor repeat bytes that
 * are there, or go on where the first one's ended.
 */
public final class TensorAssembly {
  private MemorySegment[] targets;
  private final boolean exact;
  private final TensorDigest arriving;
  private long capacity;
  private long total;
  private long received;
  private long digest;
  private long basis;
  private int detail;

  private TensorAssembly(MemorySegment[] targets, boolean exact, TensorDigest arriving) {
    this.targets = targets;
    this.exact = exact;
    this.arriving = arriving;
    for (MemorySegment target : targets) {
      capacity += target.byteSize();
    }
    begin();
  }

  /**
   * Of a tensor that fills all of its room.
   *
   * @param targets where its bytes go, one after the other
   */
  public static TensorAssembly filling(MemorySegment... targets) {
    return new TensorAssembly(targets.clone(), true, null);
  }

  /** Of a tensor that fills all of its room and is digested as it comes in. */
  public static TensorAssembly digesting(MemorySegment target) {
    return new TensorAssembly(new MemorySegment[] {target}, true, new TensorDigest());
  }

  /** Of a tensor that may be shorter than its room. */
  public static TensorAssembly upTo(MemorySegment target) {
    return new TensorAssembly(new MemorySegment[] {target}, false, null);
  }

  /** Empties the room. */
  public void begin() {
    received = 0;
    total = exact ? capacity : -1;
    if (arriving != null) {
      arriving.reset();
    }
  }

  /**
   * Takes a chunk's bytes, if they are the next ones.
   *
   * @return whether they were
   */
  public boolean accept(ChunkHeader header, MemorySegment bytes) {
    long length = bytes.byteSize();
    boolean fits =
        exact ? header.total() == capacity : header.total() > 0 && header.total() <= capacity;
    if (!fits || header.offset() != received || received + length > header.total()) {
      return false;
    }
    copy(bytes);
    if (arriving != null) {
      arriving.add(bytes);
    }
    received += length;
    total = header.total();
    digest = header.digest();
    basis = header.basis();
    detail = header.detail();
    return true;
  }

  private void copy(MemorySegment bytes) {
    long at = received;
    long done = 0;
    for (MemorySegment target : targets) {
      long size = target.byteSize();
      if (at < size && done < bytes.byteSize()) {
        long piece = Math.min(size - at, bytes.byteSize() - done);
        MemorySegment.copy(bytes, done, target, at, piece);
        done += piece;
        at += piece;
      }
      at -= size;
    }
  }

  /** Whether all bytes are here. */
  public boolean isComplete() {
    return received == total;
  }

  /** Whether what came in is what was sent, for one that is {@link #digesting}. */
  public boolean isIntact() {
    return capacity == 0 || arriving.value() == digest;
  }

  /** Whether what lies in the room now is what was sent. */
  public boolean isIntactNow(TensorDigest scratch) {
    scratch.reset();
    for (MemorySegment target : targets) {
      scratch.add(target);
    }
    return scratch.value() == digest;
  }

  /** The tensor, which is whole and lies in one place. */
  public MemorySegment tensor() {
    return targets[0].asSlice(0, total);
  }

  /** Takes other memory for the next tensor; the one that came in stays with the caller. */
  public MemorySegment exchange(MemorySegment fresh) {
    MemorySegment filled = targets[0];
    targets = new MemorySegment[] {fresh};
    return filled;
  }

  /** Digest of the tensor where it was made. */
  public long digest() {
    return digest;
  }

  /** Digest of the state that it was made from, or that it belongs to. */
  public long basis() {
    return basis;
  }

  /** See {@link Provenance#detail}. */
  public int detail() {
    return detail;
  }
}
