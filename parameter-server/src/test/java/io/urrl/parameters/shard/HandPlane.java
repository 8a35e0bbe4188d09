package io.urrl.parameters.shard;

import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.StreamCounters;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** A data plane on the test's thread: what is sent is kept, and the test says who takes it. */
final class HandPlane implements DataPlane {
  /** Bytes of a chunk. */
  static final int CHUNK = 64;

  /** A whole tensor that came to a receiver. */
  record Tensor(ChunkId id, Provenance provenance, MemorySegment bytes) {}

  private static final class Line implements ChunkWriter {
    private final List<Tensor> tensors = new ArrayList<>();
    private int room = Integer.MAX_VALUE;
    private byte[] coming;

    @Override
    public long offer(
        ChunkId id, Provenance provenance, ChunkSource source, long from, long total) {
      if (from == 0) {
        coming = new byte[(int) total];
      }
      long sent = from;
      while (sent < total && room > 0) {
        int length = (int) Math.min(CHUNK, total - sent);
        source.copyTo(sent, new UnsafeBuffer(coming), (int) sent, length);
        sent += length;
        room--;
      }
      if (sent == total) {
        tensors.add(new Tensor(id, provenance, MemorySegment.ofArray(coming)));
      }
      return sent;
    }
  }

  private final StreamCounters counters = new StreamCounters();
  private final Map<StreamAddress, Line> lines = new HashMap<>();
  private ChunkHandler handler;
  private boolean stopped;
  private int pauses;

  private Line line(StreamAddress to) {
    return lines.computeIfAbsent(to, fresh -> new Line());
  }

  /** A receiver takes so many chunks more, and then nothing. */
  void room(StreamAddress to, int chunks) {
    line(to).room = chunks;
  }

  /** What came to a receiver since this was asked before. */
  List<Tensor> taken(StreamAddress to) {
    List<Tensor> taken = List.copyOf(line(to).tensors);
    line(to).tensors.clear();
    return taken;
  }

  /** Hands a tensor to the receiver of this node. */
  void deliver(ChunkId id, Provenance provenance, MemorySegment tensor) {
    deliver(handler, id, provenance, tensor, 0, tensor.byteSize());
  }

  /** Hands bytes of a tensor, in chunks, to a receiver. */
  static void deliver(
      ChunkHandler to,
      ChunkId id,
      Provenance provenance,
      MemorySegment tensor,
      long from,
      long end) {
    for (long at = from; at < end; at += CHUNK) {
      int length = (int) Math.min(CHUNK, end - at);
      UnsafeBuffer chunk = new UnsafeBuffer(ByteBuffer.allocateDirect(ChunkHeader.LENGTH + length));
      ChunkHeader.encode(chunk, 0, 7, id, provenance, at, tensor.byteSize(), length);
      chunk.putBytes(ChunkHeader.LENGTH, tensor.asSlice(at, length).asByteBuffer(), length);
      to.onChunk(new ChunkHeader().wrap(chunk, 0), chunk, ChunkHeader.LENGTH);
    }
  }

  /** Times that a sender found nobody who takes anything. */
  int pauses() {
    return pauses;
  }

  boolean isStopped() {
    return stopped;
  }

  @Override
  public StreamCounters counters() {
    return counters;
  }

  @Override
  public StreamAddress receive(ChunkHandler receiver) {
    handler = receiver;
    return new StreamAddress("here", "shard", 1);
  }

  @Override
  public void stop(StreamAddress address) {
    stopped = true;
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public ChunkWriter writerTo(StreamAddress to) {
    return line(to);
  }

  @Override
  public void pause() {
    pauses++;
  }
}
