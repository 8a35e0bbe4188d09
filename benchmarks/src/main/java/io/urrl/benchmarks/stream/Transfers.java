package io.urrl.benchmarks.stream;

import io.urrl.actors.stream.Broadcast;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.Streams;
import io.urrl.actors.stream.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** What sender and receivers of tensors agree on. */
final class Transfers {
  /** Bytes that the place of a tensor is aligned to. */
  static final long ALIGNMENT = 64;

  private static final Fence FENCE = new Fence(1, 1);
  private static final Provenance NOWHERE = new Provenance(0, 0, 0);

  /** Sends a tensor as a version's parameters, until all of it has gone. */
  static void send(Streams streams, ChunkWriter to, long version, MemorySegment tensor) {
    ChunkId id = id(version);
    ChunkSource source = ChunkSource.of(tensor);
    long sent = 0;
    while (sent < tensor.byteSize()) {
      long now = to.offer(id, NOWHERE, source, sent, tensor.byteSize());
      if (now == sent) {
        streams.pause();
      }
      sent = now;
    }
  }

  private static ChunkId id(long version) {
    return new ChunkId.State(FENCE, version, true, 0, 0);
  }

  /** Broadcasts a tensor, until it has gone to all that are waited for. */
  static void send(Streams streams, Broadcast broadcast, long version, MemorySegment tensor) {
    broadcast.begin(
        List.of(
            new Transfer.Part(id(version), NOWHERE, ChunkSource.of(tensor), tensor.byteSize())));
    while (!broadcast.isDone()) {
      if (!broadcast.advance()) {
        streams.pause();
      }
    }
  }

  /** An address as arguments of a receiver. */
  static List<String> arguments(StreamAddress address) {
    return List.of(address.driver(), address.endpoint(), Integer.toString(address.streamId()));
  }

  /** The address that begins in arguments. */
  static StreamAddress address(String[] arguments, int from) {
    return new StreamAddress(
        arguments[from], arguments[from + 1], Integer.parseInt(arguments[from + 2]));
  }

  private Transfers() {}
}
