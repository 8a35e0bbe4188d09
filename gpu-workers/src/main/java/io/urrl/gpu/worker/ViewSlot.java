package io.urrl.gpu.worker;

import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.TrainerCommand.Substitute;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Room for the views of one micro-batch: two uint8 tensors [b, 3, size, size] where the network
 * reads them. While views arrive the receive thread owns it, afterwards the worker.
 */
final class ViewSlot {
  private final int microBatch;
  private final int viewBytes;
  private final MemorySegment query;
  private final MemorySegment key;
  private final int[] received;
  private final long[] digests;
  private final int[] used;
  private final TensorDigest found = new TensorDigest();
  private SampleDraw[] draws;
  private Lease lease;
  private int term;
  private int missing;

  ViewSlot(int microBatch, int imageSize) {
    this.microBatch = microBatch;
    viewBytes = 3 * imageSize * imageSize;
    query = Arena.ofAuto().allocate((long) microBatch * viewBytes, 64);
    key = Arena.ofAuto().allocate((long) microBatch * viewBytes, 64);
    received = new int[microBatch];
    digests = new long[microBatch];
    used = new int[microBatch];
  }

  /** Empties the slot for the views of a lease. */
  void expect(int term, Lease lease, SampleDraw[] draws) {
    this.term = term;
    this.lease = lease;
    this.draws = draws;
    missing = microBatch;
    java.util.Arrays.fill(received, 0);
  }

  Lease lease() {
    return lease;
  }

  int term() {
    return term;
  }

  SampleDraw[] draws() {
    return draws;
  }

  MemorySegment query() {
    return query;
  }

  MemorySegment key() {
    return key;
  }

  /** Bytes of a pair of views: the query's, then the key's. */
  long pairBytes() {
    return 2L * viewBytes;
  }

  boolean complete() {
    return missing == 0;
  }

  /** Whether the pair at {@code place} still lacks bytes. */
  boolean lacks(int place) {
    return received[place] < pairBytes();
  }

  /** Digest of all views, as their makers named them, in the order of the places. */
  long digest() {
    return TensorDigest.combine(digests);
  }

  /** Places whose views are not what they were when they were made. */
  int[] damaged() {
    return IntStream.range(0, microBatch)
        .filter(place -> digestOf(place) != digests[place])
        .toArray();
  }

  private long digestOf(int place) {
    long base = (long) place * viewBytes;
    found.reset();
    found.add(query.asSlice(base, viewBytes));
    found.add(key.asSlice(base, viewBytes));
    return found.value();
  }

  /** Empties a place, for its views to come again. */
  void forget(int place) {
    received[place] = 0;
    missing++;
  }

  /** The samples in whose place another one's picture was read. */
  List<Substitute> substitutes() {
    return IntStream.range(0, microBatch)
        .filter(place -> used[place] != draws[place].sample())
        .mapToObj(place -> new Substitute(draws[place].sample(), used[place]))
        .toList();
  }

  /**
   * Takes the next bytes of a pair. Chunks of one pair come in order from one sender; a second
   * sender's chunks of the same pair repeat bytes that are there and are refused.
   *
   * @param digest of the whole pair where it was made
   * @param picture sample whose picture was read
   * @return whether the bytes were wanted
   */
  boolean accept(
      SampleDraw draw, int place, long digest, int picture, long offset, MemorySegment bytes) {
    boolean wanted =
        place >= 0
            && place < microBatch
            && draws[place].equals(draw)
            && offset == received[place]
            && offset + bytes.byteSize() <= pairBytes();
    if (!wanted) {
      return false;
    }
    digests[place] = digest;
    used[place] = picture;
    long length = bytes.byteSize();
    long inQuery = Math.clamp(viewBytes - offset, 0, length);
    long base = (long) place * viewBytes;
    if (inQuery > 0) {
      MemorySegment.copy(bytes, 0, query, base + offset, inQuery);
    }
    if (inQuery < length) {
      long inKey = offset + inQuery - viewBytes;
      MemorySegment.copy(bytes, inQuery, key, base + inKey, length - inQuery);
    }
    received[place] += (int) length;
    if (received[place] == pairBytes()) {
      missing--;
    }
    return true;
  }
}
