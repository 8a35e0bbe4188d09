package io.urrl.gpu.worker;

import io.urrl.actors.objective.Parts;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.TensorAssembly;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Room for one shard's part of a version: its slice of the parameters, and on the first one what
 * replicas hold of the companions. Either all of that, or what changed with one step. For whoever
 * owns the version.
 */
final class StagedSlice {
  private final TensorLayout.Slice slice;
  private final TensorAssembly parameters;
  private final TensorAssembly momentumEncoder;

  /** By the companions' indices; null for those that do not come here. */
  private final List<TensorAssembly> companions = new ArrayList<>();

  private final int[] positions;
  private boolean begun;
  private boolean whole;

  /** The low half of the digest of what each companion took in. */
  private final int[] rowDigests;

  /** Whether all is here, and is what was sent. */
  private boolean complete;

  /**
   * @param parameters memory of all slices
   * @param momentumEncoder of all slices, too; empty where there is none
   * @param companionBytes bytes of each companion, 0 for those that do not come
   */
  StagedSlice(
      TensorLayout.Slice slice,
      MemorySegment parameters,
      MemorySegment momentumEncoder,
      List<Long> companionBytes) {
    this.slice = slice;
    this.parameters = TensorAssembly.digesting(slice.of(parameters));
    this.momentumEncoder =
        TensorAssembly.filling(
            momentumEncoder.byteSize() == 0 ? momentumEncoder : slice.of(momentumEncoder));
    for (long bytes : companionBytes) {
      companions.add(bytes == 0 ? null : TensorAssembly.upTo(Arena.ofAuto().allocate(bytes, 64)));
    }
    positions = new int[companions.size()];
    rowDigests = new int[companions.size()];
  }

  /** Empties the room. */
  void reset() {
    begun = false;
    whole = false;
    complete = false;
  }

  /** Lets the slice of other memory take what comes next. */
  void receiveInto(MemorySegment flat) {
    parameters.exchange(slice.of(flat));
  }

  /** Its floats within the flat parameters. */
  TensorLayout.Slice slice() {
    return slice;
  }

  /** Whether this is all of the slice rather than one step's change. */
  boolean whole() {
    return whole;
  }

  /** Digest of the slice's parameters at the shard. */
  long parametersDigest() {
    return parameters.digest();
  }

  /** Digest of all that replicas hold of the shard's part, at the shard. */
  long basis() {
    return parameters.basis();
  }

  /** A companion: all of it, or what it took in with the step. */
  MemorySegment companion(int index) {
    return companions.get(index).tensor();
  }

  /** Digest of a whole companion at the shard. */
  long companionDigest(int index) {
    return companions.get(index).digest();
  }

  /** Where a companion's ring goes on, after the whole. */
  int position(int index) {
    return positions[index];
  }

  /**
   * Takes the next bytes of a part. The first bytes of the parameters begin it, unless it is
   * complete already. A whole slice takes the place of a change that cannot be used, and no change
   * that of a whole slice which is on its way.
   *
   * @return whether they were the next ones
   */
  boolean accept(ChunkHeader header, MemorySegment bytes) {
    int part = Parts.partOf(header.state().part());
    boolean isWhole = header.state().whole();
    boolean begins = part == Parts.PARAMETERS && header.offset() == 0;
    if (begins && (isWhole ? !(complete && whole) : !complete && !(begun && whole))) {
      begin(isWhole);
    }
    if (!begun || whole != isWhole || complete) {
      return false;
    }
    boolean next =
        switch (part) {
          case Parts.PARAMETERS -> parameters.accept(header, bytes);
          case Parts.MOMENTUM_ENCODER -> whole && momentumEncoder.accept(header, bytes);
          default -> onCompanion(Parts.companionOf(part), header, bytes);
        };
    complete = next && isHere() && isIntact();
    return next;
  }

  private void begin(boolean isWhole) {
    begun = true;
    complete = false;
    whole = isWhole;
    parameters.begin();
    momentumEncoder.begin();
    for (TensorAssembly companion : companions) {
      if (companion != null) {
        companion.begin();
      }
    }
  }

  private boolean onCompanion(int index, ChunkHeader header, MemorySegment bytes) {
    if (index < 0 || index >= positions.length || companions.get(index) == null) {
      return false;
    }
    positions[index] = header.state().position();
    rowDigests[index] = header.detail();
    return companions.get(index).accept(header, bytes);
  }

  private boolean isHere() {
    boolean all = parameters.isComplete() && (!whole || momentumEncoder.isComplete());
    for (int index = 0; index < positions.length && all; index++) {
      all = companions.get(index) == null || companions.get(index).isComplete();
    }
    return all;
  }

  /**
   * A thread that stood still while it copied out of a broadcast's log may have copied what was
   * written over that. What is not intact is never complete, and comes whole.
   */
  private boolean isIntact() {
    boolean intact = parameters.isIntact();
    for (int index = 0; index < positions.length && intact && !whole; index++) {
      intact =
          companions.get(index) == null
              || rowDigests[index] == (int) TensorDigest.of(companion(index));
    }
    return intact;
  }

  /** Whether all is here, and is what was sent. */
  boolean complete() {
    return complete;
  }
}
