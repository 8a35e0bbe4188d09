package io.urrl.gpu.worker;

import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result.Substitute;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.TensorAssembly;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Room for the views of one micro-batch: two uint8 tensors [b, 3, size, size] where the network
 * reads them. While views arrive the receive thread owns it, afterwards the worker.
 */
final class ViewSlot {
  private final int microBatch;
  private final MemorySegment query;
  private final MemorySegment key;
  private final TensorAssembly[] pairs;
  private final TensorDigest scratch = new TensorDigest();
  private SampleDraw[] draws;
  private Lease lease;
  private int missing;

  ViewSlot(int microBatch, int imageSize) {
    this.microBatch = microBatch;
    long viewBytes = 3L * imageSize * imageSize;
    query = Arena.ofAuto().allocate(microBatch * viewBytes, 64);
    key = Arena.ofAuto().allocate(microBatch * viewBytes, 64);
    pairs = new TensorAssembly[microBatch];
    for (int place = 0; place < microBatch; place++) {
      pairs[place] =
          TensorAssembly.filling(
              query.asSlice(place * viewBytes, viewBytes),
              key.asSlice(place * viewBytes, viewBytes));
    }
  }

  /** Empties the slot for the views of a lease. */
  void expect(Lease lease, SampleDraw[] draws) {
    this.lease = lease;
    this.draws = draws;
    missing = microBatch;
    for (TensorAssembly pair : pairs) {
      pair.begin();
    }
  }

  /** The lease whose views these are; a later attempt has the same ones. */
  Lease lease() {
    return lease;
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

  boolean complete() {
    return missing == 0;
  }

  /** Whether the pair at {@code place} still lacks bytes. */
  boolean lacks(int place) {
    return !pairs[place].isComplete();
  }

  /** Digest of all views, as their makers named them, in the order of the places. */
  long digest() {
    return TensorDigest.combine(Arrays.stream(pairs).mapToLong(TensorAssembly::digest).toArray());
  }

  /** Places whose views are not what they were when they were made. */
  int[] damaged() {
    return IntStream.range(0, microBatch)
        .filter(place -> !pairs[place].isIntactNow(scratch))
        .toArray();
  }

  /** Empties a place, for its views to come again. */
  void forget(int place) {
    pairs[place].begin();
    missing++;
  }

  /** The samples in whose place another one's picture was read. */
  List<Substitute> substitutes() {
    return IntStream.range(0, microBatch)
        .filter(place -> pairs[place].detail() != draws[place].sample())
        .mapToObj(place -> new Substitute(draws[place].sample(), pairs[place].detail()))
        .toList();
  }

  /**
   * Takes the next bytes of a pair: the query's view, then the key's.
   *
   * @return whether the bytes were wanted
   */
  boolean accept(ChunkHeader header, MemorySegment bytes) {
    int place = header.place();
    boolean ours =
        place >= 0
            && place < microBatch
            && draws[place].epoch() == header.epoch()
            && draws[place].sample() == header.sample();
    if (!ours || !pairs[place].accept(header, bytes)) {
      return false;
    }
    if (pairs[place].isComplete()) {
      missing--;
    }
    return true;
  }
}
