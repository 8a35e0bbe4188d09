package io.urrl.gpu.worker;

import io.urrl.actors.fault.BitFlips;
import io.urrl.actors.objective.Parts;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ResultBytes;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.Transfer;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.pretext.MicroBatchResult;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A computed micro-batch on its way to the parameter shards: to each its slice of the gradient; to
 * the first what it contributes to the objective's companions; and last to each what the worker
 * says of it, without which a shard takes nothing. Each part bears its digest and that of the
 * shard's part of the state at which it was computed. For the worker's thread.
 *
 * <p>The replica's state is read while the gradient goes, and the rest leaves only when it is
 * intact. Until all has gone the replica must not compute anything else.
 */
final class Outgoing {
  private final Lease lease;
  private final MicroBatchResult result;
  private final Fence fence;
  private final Replica replica;
  private final long version;
  private final CompletableFuture<Replica.Reading> reading;

  /** To each shard, in the order of the slices. */
  private final List<ChunkWriter> to;

  private final List<Transfer> transfers = new ArrayList<>();
  private boolean reported;

  /**
   * @param to the shards, in the order of their slices
   * @param executor reads the replica's state
   */
  Outgoing(
      Fence fence,
      List<ChunkWriter> to,
      Lease lease,
      MicroBatchResult result,
      Replica replica,
      Executor executor) {
    this.fence = fence;
    this.to = to;
    this.lease = lease;
    this.result = result;
    this.replica = replica;
    version = replica.version();
    reading = CompletableFuture.supplyAsync(replica::read, executor);
    List<TensorLayout.Slice> slices = replica.slices();
    long[] digests = result.finite() ? result.gradientDigests(slices) : new long[0];
    if (result.finite()) {
      BitFlips.at(BitFlips.Stage.GRADIENT, lease.id().step(), result.gradients()[0]);
    }
    for (int slice = 0; slice < to.size(); slice++) {
      transfers.add(
          new Transfer(
              to.get(slice),
              result.finite()
                  ? List.of(gradient(slice, slices.get(slice), digests[slice]))
                  : List.of()));
    }
  }

  private Transfer.Part gradient(int slice, TensorLayout.Slice floats, long digest) {
    long from = floats.from() * Float.BYTES;
    return part(
        slice,
        Parts.GRADIENT,
        digest,
        (offset, target, at, length) -> result.copyGradient(from + offset, target, at, length),
        floats.length() * Float.BYTES);
  }

  Lease lease() {
    return lease;
  }

  /** Digest of all that replicas hold at which it was computed. Waits for the end of a reading. */
  long stateDigest() {
    return reading.join().digest();
  }

  /** Version of the state at which it was computed. */
  long version() {
    return version;
  }

  /** What of the replica's state is not the shards', for people. Waits for the end of a reading. */
  Optional<String> drift() {
    return reading.join().drift();
  }

  /**
   * Sends what the shards take now.
   *
   * @param report makes what the worker says of the micro-batch, when the gradient has gone
   * @return whether anything went
   */
  boolean advance(Supplier<Result> report) {
    boolean moved = advanceAll();
    if (isGone() && !reported && drift().isEmpty()) {
      reported = true;
      MemorySegment bytes = MemorySegment.ofArray(ResultBytes.of(report.get()));
      for (int slice = 0; slice < to.size(); slice++) {
        transfers.set(slice, new Transfer(to.get(slice), rest(slice, bytes)));
      }
      moved |= advanceAll();
    }
    return moved;
  }

  private boolean advanceAll() {
    boolean moved = false;
    for (Transfer transfer : transfers) {
      moved |= transfer.advance();
    }
    return moved;
  }

  private boolean isGone() {
    return transfers.stream().allMatch(Transfer::isDone);
  }

  private List<Transfer.Part> rest(int slice, MemorySegment report) {
    List<Transfer.Part> parts = new ArrayList<>();
    if (result.finite() && slice == 0) {
      List<MemorySegment> contributions = result.contributions();
      for (int index = 0; index < contributions.size(); index++) {
        parts.add(part(slice, Parts.companion(index), contributions.get(index)));
      }
    }
    parts.add(part(slice, Parts.REPORT, report));
    return parts;
  }

  private Transfer.Part part(int slice, int number, MemorySegment tensor) {
    return part(slice, number, TensorDigest.of(tensor), ChunkSource.of(tensor), tensor.byteSize());
  }

  private Transfer.Part part(int slice, int number, long digest, ChunkSource source, long bytes) {
    return new Transfer.Part(
        new ChunkId.Result(fence, lease.id().step(), lease.id().index(), lease.attempt(), number),
        new Provenance(digest, replica.basis(slice), 0),
        source,
        bytes);
  }

  /** Whether all has gone, or the rest never will because the state drifted. */
  boolean isOver() {
    return isGone() && (reported || drift().isPresent());
  }
}
