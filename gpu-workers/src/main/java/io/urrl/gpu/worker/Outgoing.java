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
import io.urrl.gpu.pretext.MicroBatchResult;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A computed micro-batch on its way to the parameter shard: its gradient; what it contributes to
 * the objective's companions; and last what the worker says of it, without which the shard takes
 * nothing. Each part bears its digest and that of the state at which it was computed. For the
 * worker's thread.
 *
 * <p>The replica's state is read while the gradient goes, and the rest leaves only when it is
 * intact. Until all has gone the replica must not compute anything else.
 */
final class Outgoing {
  private final Lease lease;
  private final MicroBatchResult result;
  private final Fence fence;
  private final ChunkWriter to;
  private final long basis;
  private final long version;
  private final CompletableFuture<Optional<String>> drift;
  private Transfer transfer;
  private boolean reported;

  /**
   * @param executor reads the replica's state
   */
  Outgoing(
      Fence fence,
      ChunkWriter to,
      Lease lease,
      MicroBatchResult result,
      Replica replica,
      Executor executor) {
    this.fence = fence;
    this.to = to;
    this.lease = lease;
    this.result = result;
    basis = replica.stateDigest();
    version = replica.version();
    drift = CompletableFuture.supplyAsync(replica::drift, executor);
    List<Transfer.Part> first = new ArrayList<>();
    if (result.finite()) {
      BitFlips.at(BitFlips.Stage.GRADIENT, lease.id().step(), result.gradients()[0]);
      first.add(
          part(
              Parts.GRADIENT,
              result.gradientDigest(),
              result::copyGradient,
              replica.parameterBytes()));
    }
    transfer = new Transfer(to, first);
  }

  Lease lease() {
    return lease;
  }

  /** Digest of the state at which it was computed. */
  long basis() {
    return basis;
  }

  /** Version of that state. */
  long version() {
    return version;
  }

  /** What of the replica's state is not the shard's, for people. Waits for the end of a reading. */
  Optional<String> drift() {
    return drift.join();
  }

  /**
   * Sends what the shard takes now.
   *
   * @param report makes what the worker says of the micro-batch, when the gradient has gone
   * @return whether anything went
   */
  boolean advance(Supplier<Result> report) {
    boolean moved = transfer.advance();
    if (transfer.isDone() && !reported && drift().isEmpty()) {
      reported = true;
      transfer = new Transfer(to, rest(report.get()));
      moved |= transfer.advance();
    }
    return moved;
  }

  private List<Transfer.Part> rest(Result report) {
    List<Transfer.Part> parts = new ArrayList<>();
    if (result.finite()) {
      List<MemorySegment> contributions = result.contributions();
      for (int index = 0; index < contributions.size(); index++) {
        parts.add(part(Parts.companion(index), contributions.get(index)));
      }
    }
    parts.add(part(Parts.REPORT, MemorySegment.ofArray(ResultBytes.of(report))));
    return parts;
  }

  private Transfer.Part part(int number, MemorySegment tensor) {
    return part(number, TensorDigest.of(tensor), ChunkSource.of(tensor), tensor.byteSize());
  }

  private Transfer.Part part(int number, long digest, ChunkSource source, long bytes) {
    return new Transfer.Part(
        new ChunkId.Result(fence, lease.id().step(), lease.id().index(), lease.attempt(), number),
        new Provenance(digest, basis, 0),
        source,
        bytes);
  }

  /** Whether all has gone, or the rest never will because the state drifted. */
  boolean isOver() {
    return transfer.isDone() && (reported || drift().isPresent());
  }
}
