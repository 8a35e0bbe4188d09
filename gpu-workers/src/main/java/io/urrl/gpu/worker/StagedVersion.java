package io.urrl.gpu.worker;

import io.urrl.actors.objective.Parts;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.TensorAssembly;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Room for one version on its way from the shard to the replica: either the whole state, or what
 * changed with one step (the parameters, and what the replicated companions took in). While chunks
 * arrive the receive thread owns it, afterwards the worker.
 */
final class StagedVersion {
  private final TensorAssembly parameters;
  private final TensorAssembly momentumEncoder;

  /** By the companions' indices; null for those that replicas do not hold. */
  private final List<TensorAssembly> companions = new ArrayList<>();

  private final int[] positions;
  private final Fence fence;
  private long version;
  private boolean whole;

  /**
   * @param fence the term whose versions it receives
   * @param parameterBytes bytes of the flat parameters
   * @param momentumBytes bytes of the momentum encoder's, 0 where there is none
   * @param companionBytes bytes of each companion, 0 for those that replicas do not hold
   */
  StagedVersion(Fence fence, long parameterBytes, long momentumBytes, List<Long> companionBytes) {
    this.fence = fence;
    parameters = TensorAssembly.filling(allocate(parameterBytes));
    momentumEncoder = TensorAssembly.filling(allocate(momentumBytes));
    for (long bytes : companionBytes) {
      companions.add(bytes == 0 ? null : TensorAssembly.upTo(allocate(bytes)));
    }
    positions = new int[companions.size()];
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
  }

  void begin(long version, boolean whole) {
    this.version = version;
    this.whole = whole;
    parameters.begin();
    momentumEncoder.begin();
    for (TensorAssembly companion : companions) {
      if (companion != null) {
        companion.begin();
      }
    }
  }

  Fence fence() {
    return fence;
  }

  long version() {
    return version;
  }

  /** Whether this is the whole state rather than one step's change. */
  boolean whole() {
    return whole;
  }

  /**
   * The parameters.
   *
   * @param fresh memory for the next version's; the worker keeps what it gets
   */
  MemorySegment exchangeParameters(MemorySegment fresh) {
    return parameters.exchange(fresh);
  }

  MemorySegment parameters() {
    return parameters.tensor();
  }

  /** The momentum encoder's parameters; filled in the whole state only. */
  MemorySegment momentumEncoder() {
    return momentumEncoder.tensor();
  }

  /** A companion: all of it, or what it took in with the step. */
  MemorySegment companion(int index) {
    return companions.get(index).tensor();
  }

  /** Where a companion's ring goes on, after the whole state. */
  int position(int index) {
    return positions[index];
  }

  /** Digest of the parameters at the shard. */
  long parametersDigest() {
    return parameters.digest();
  }

  /** Digest of a whole companion at the shard. */
  long companionDigest(int index) {
    return companions.get(index).digest();
  }

  /** Digest of all that replicas hold, at the shard. */
  long stateDigest() {
    return parameters.basis();
  }

  /**
   * Takes the next bytes of a part.
   *
   * @return whether they were the next ones
   */
  boolean accept(ChunkHeader header, MemorySegment bytes) {
    int part = header.state().part();
    return switch (part) {
      case Parts.PARAMETERS -> parameters.accept(header, bytes);
      case Parts.MOMENTUM_ENCODER -> whole && momentumEncoder.accept(header, bytes);
      default -> onCompanion(Parts.companionOf(part), header, bytes);
    };
  }

  private boolean onCompanion(int index, ChunkHeader header, MemorySegment bytes) {
    if (index < 0 || index >= positions.length || companions.get(index) == null) {
      return false;
    }
    positions[index] = header.state().position();
    return companions.get(index).accept(header, bytes);
  }

  boolean complete() {
    boolean all = parameters.isComplete() && (!whole || momentumEncoder.isComplete());
    for (int index = 0; index < positions.length && all; index++) {
      all = companions.get(index) == null || companions.get(index).isComplete();
    }
    return all;
  }
}
