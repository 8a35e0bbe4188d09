package io.urrl.parameters.shard;

import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.Streams;
import io.urrl.parameters.NegativeQueue;
import io.urrl.parameters.StateDigests;
import java.lang.foreign.MemorySegment;

/**
 * Sends the present version of a shard's state to one worker, each part with its digest and that of
 * all that a worker holds. For the shard's thread.
 */
final class VersionSender {
  private static final int CHANGE = 0;
  private static final int WHOLE = 1;

  private final Streams streams;
  private final ShardState state;

  VersionSender(Streams streams, ShardState state) {
    this.streams = streams;
    this.state = state;
  }

  /**
   * Sends what the newest step changed. The digest of the rows that it enqueued is the whole
   * queue's.
   *
   * @throws io.urrl.actors.stream.StreamException when the worker does not take it
   */
  void sendChange(int term, StreamAddress to) {
    StateDigests digests = state.digests();
    send(term, to, ChunkKind.PARAMETERS, digests.query(), CHANGE, 0, state.query());
    send(term, to, ChunkKind.QUEUE, digests.queue(), CHANGE, 0, state.enqueued());
  }

  /**
   * Sends all that a worker holds.
   *
   * @throws io.urrl.actors.stream.StreamException when the worker does not take it
   */
  void sendWhole(int term, StreamAddress to) {
    StateDigests digests = state.digests();
    NegativeQueue queue = state.queue();
    send(term, to, ChunkKind.PARAMETERS, digests.query(), WHOLE, 0, state.query());
    send(term, to, ChunkKind.KEY_PARAMETERS, digests.key(), WHOLE, 0, state.key());
    send(term, to, ChunkKind.QUEUE, digests.queue(), WHOLE, queue.pointer(), queue.rows());
  }

  private void send(
      int term,
      StreamAddress to,
      ChunkKind kind,
      long digest,
      int whole,
      int pointer,
      MemorySegment data) {
    ChunkWriter writer = streams.writerTo(to);
    writer.send(
        new ChunkId(kind, term, state.version(), whole, pointer, 0, 0),
        new Provenance(digest, state.digests().shared(), 0),
        ChunkSource.of(data),
        0,
        data.byteSize(),
        data.byteSize());
  }
}
