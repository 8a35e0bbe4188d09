package io.urrl.gpu.worker;

import io.urrl.actors.fault.BitFlips;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.Streams;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.gpu.pretext.MicroBatchResult;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sends what micro-batches gave to the parameter shard: gradient, keys and batch statistics, each
 * with its digest and that of the state at which it was computed. For the worker's thread.
 */
final class ResultSender {
  private final Streams streams;
  private final Replica replica;

  ResultSender(Streams streams, Replica replica) {
    this.streams = streams;
    this.replica = replica;
  }

  /**
   * Sends a result, if it is finite. The replica's state is read meanwhile: keys and statistics,
   * without which the shard takes nothing, leave only when it is intact.
   *
   * @param to the shard's address for gradients
   * @return what of the state is not the shard's; then the shard has nothing that counts
   * @throws io.urrl.actors.stream.StreamException when the shard does not take it
   */
  Optional<String> send(int term, StreamAddress to, Lease lease, MicroBatchResult result) {
    CompletableFuture<Optional<String>> drift = CompletableFuture.supplyAsync(replica::drift);
    try {
      if (result.finite()) {
        BitFlips.at(BitFlips.Stage.GRADIENT, lease.id().step(), result.gradients()[0]);
        send(
            streams.writerTo(to),
            id(ChunkKind.GRADIENT, term, lease),
            result.gradientDigest(),
            result::copyGradient,
            replica.parameterBytes());
      }
    } finally {
      // The state's memory stays until nobody reads it any more.
      drift.join();
    }
    Optional<String> found = drift.join();
    if (result.finite() && found.isEmpty()) {
      ChunkWriter writer = streams.writerTo(to);
      send(writer, id(ChunkKind.KEYS, term, lease), result.keys());
      send(writer, id(ChunkKind.STATISTICS, term, lease), result.statistics());
    }
    return found;
  }

  private void send(ChunkWriter writer, ChunkId id, MemorySegment tensor) {
    send(writer, id, TensorDigest.of(tensor), ChunkSource.of(tensor), tensor.byteSize());
  }

  private void send(ChunkWriter writer, ChunkId id, long digest, ChunkSource source, long bytes) {
    int lag = (int) (id.step() - replica.version());
    writer.send(id, new Provenance(digest, replica.stateDigest(), lag), source, 0, bytes, bytes);
  }

  private static ChunkId id(ChunkKind kind, int term, Lease lease) {
    return new ChunkId(kind, term, lease.id().step(), lease.id().index(), lease.attempt(), 0, 0);
  }
}
