package io.urrl.gpu.worker;

import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result.Substitute;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.TensorAssembly;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Room for the views of one micro-batch: for each part of a sample's views a tensor [b, …] where
 * the maths reads it. While views arrive the receive thread owns it, afterwards the worker.
 */
final class ViewSlot {
  private final int microBatch;
  private final List<MemorySegment> views = new ArrayList<>();
  private final TensorAssembly[] samples;
  private final TensorDigest scratch = new TensorDigest();
  private SampleDraw[] draws;
  private Lease lease;
  private int missing;

  /**
   * @param parts bytes of each part of one sample
   */
  ViewSlot(int microBatch, List<Long> parts) {
    this.microBatch = microBatch;
    parts.forEach(bytes -> views.add(Arena.ofAuto().allocate(microBatch * bytes, 64)));
    samples = new TensorAssembly[microBatch];
    for (int place = 0; place < microBatch; place++) {
      samples[place] = TensorAssembly.filling(places(place));
    }
  }

  private MemorySegment[] places(int place) {
    return views.stream()
        .map(
            all -> {
              long bytes = all.byteSize() / microBatch;
              return all.asSlice(place * bytes, bytes);
            })
        .toArray(MemorySegment[]::new);
  }

  /** Empties the slot for the views of a lease. */
  void expect(Lease lease, SampleDraw[] draws) {
    this.lease = lease;
    this.draws = draws;
    missing = microBatch;
    for (TensorAssembly sample : samples) {
      sample.begin();
    }
  }

  /** The lease whose views these are; a later attempt has the same ones. */
  Lease lease() {
    return lease;
  }

  SampleDraw[] draws() {
    return draws;
  }

  /** Each part over all samples: [b, …]. */
  List<MemorySegment> views() {
    return views;
  }

  boolean complete() {
    return missing == 0;
  }

  /** Whether the sample at {@code place} still lacks bytes. */
  boolean lacks(int place) {
    return !samples[place].isComplete();
  }

  /** Digest of all views, as their makers named them, in the order of the places. */
  long digest() {
    return TensorDigest.combine(Arrays.stream(samples).mapToLong(TensorAssembly::digest).toArray());
  }

  /** Places whose views are not what they were when they were made. */
  int[] damaged() {
    return IntStream.range(0, microBatch)
        .filter(place -> !samples[place].isIntactNow(scratch))
        .toArray();
  }

  /** Empties a place, for its views to come again. */
  void forget(int place) {
    samples[place].begin();
    missing++;
  }

  /** The samples in whose place another one's picture was read. */
  List<Substitute> substitutes() {
    return IntStream.range(0, microBatch)
        .filter(place -> samples[place].detail() != draws[place].sample())
        .mapToObj(place -> new Substitute(draws[place].sample(), samples[place].detail()))
        .toList();
  }

  /**
   * Takes the next bytes of a sample, its parts one after the other.
   *
   * @return whether the bytes were wanted
   */
  boolean accept(ChunkHeader header, MemorySegment bytes) {
    ChunkHeader.ViewsId id = header.views();
    int place = id.place();
    boolean ours =
        place >= 0
            && place < microBatch
            && draws[place].epoch() == id.epoch()
            && draws[place].sample() == id.sample();
    if (!ours || !samples[place].accept(header, bytes)) {
      return false;
    }
    if (samples[place].isComplete()) {
      missing--;
    }
    return true;
  }
}
