package io.urrl.gpu.worker;

import io.urrl.actors.objective.Parts;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Room for one version on its way from the shards to the replica: of each slice either all, or what
 * changed with one step. Every slice goes straight to its place in one flat buffer. While chunks
 * arrive the receive thread owns it, afterwards the worker.
 */
final class StagedVersion {
  private final List<StagedSlice> slices = new ArrayList<>();
  private final Fence fence;
  private final MemorySegment momentumEncoder;
  private MemorySegment parameters;
  private long version;

  /**
   * @param fence the term whose versions it receives
   * @param cut the slices of the parameters, in order
   * @param hasMomentumEncoder whether there is one
   * @param companionBytes bytes of each companion, 0 for those that replicas do not hold
   */
  StagedVersion(
      Fence fence,
      List<TensorLayout.Slice> cut,
      boolean hasMomentumEncoder,
      List<Long> companionBytes) {
    this.fence = fence;
    long bytes = cut.getLast().to() * Float.BYTES;
    parameters = allocate(bytes);
    momentumEncoder = allocate(hasMomentumEncoder ? bytes : 0);
    List<Long> none = companionBytes.stream().map(each -> 0L).toList();
    for (TensorLayout.Slice slice : cut) {
      slices.add(
          new StagedSlice(
              slice, parameters, momentumEncoder, slices.isEmpty() ? companionBytes : none));
    }
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
  }

  void begin(long version) {
    this.version = version;
    slices.forEach(StagedSlice::reset);
  }

  Fence fence() {
    return fence;
  }

  long version() {
    return version;
  }

  /** What each shard sent of it, in the order of the slices. */
  List<StagedSlice> slices() {
    return slices;
  }

  /** The first slice's part, which has the companions. */
  StagedSlice first() {
    return slices.getFirst();
  }

  /** Whether this is the whole state rather than, of any slice, one step's change. */
  boolean whole() {
    return slices.stream().allMatch(StagedSlice::whole);
  }

  /** Whether nothing but one step's change has come. */
  boolean isChange() {
    return slices.stream().noneMatch(StagedSlice::whole);
  }

  /** Whether a replica at an earlier version can take it over. */
  boolean follows(long earlier) {
    return whole() ? version > earlier : version == earlier + 1;
  }

  /**
   * The parameters.
   *
   * @param fresh memory for the next version's; the worker keeps what it gets
   */
  MemorySegment exchangeParameters(MemorySegment fresh) {
    MemorySegment filled = parameters;
    parameters = fresh;
    slices.forEach(slice -> slice.receiveInto(fresh));
    return filled;
  }

  MemorySegment parameters() {
    return parameters;
  }

  /** The momentum encoder's parameters; filled in whole slices only. */
  MemorySegment momentumEncoder() {
    return momentumEncoder;
  }

  /**
   * Takes the next bytes of a part of a slice.
   *
   * @return whether they were the next ones
   */
  boolean accept(ChunkHeader header, MemorySegment bytes) {
    int slice = Parts.sliceOf(header.state().part());
    return slice >= 0 && slice < slices.size() && slices.get(slice).accept(header, bytes);
  }

  boolean complete() {
    return slices.stream().allMatch(StagedSlice::complete);
  }
}
