package io.urrl.gpu.worker;

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
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A data plane on the test's thread: what is sent is kept, and the test says what is taken. */
final class HandPlane implements DataPlane {
  /** Bytes of a chunk. */
  static final int CHUNK = 64;

  /** A whole tensor that was sent. */
  record Tensor(StreamAddress to, ChunkId id, Provenance provenance, MemorySegment bytes) {}

  private final StreamCounters counters = new StreamCounters();
  private final List<Tensor> sent = new ArrayList<>();
  private ChunkHandler handler;
  private int room = Integer.MAX_VALUE;
  private byte[] coming;
  private boolean stopped;
  private int pauses;

  /** Receivers take so many chunks more, and then nothing. */
  void room(int chunks) {
    room = chunks;
  }

  /** What was sent as a whole since this was asked before. */
  List<Tensor> sent() {
    List<Tensor> taken = List.copyOf(sent);
    sent.clear();
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
    return new StreamAddress("here", "worker", 1);
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
    return (id, provenance, source, from, total) -> offer(to, id, provenance, source, from, total);
  }

  private long offer(
      StreamAddress to,
      ChunkId id,
      Provenance provenance,
      ChunkSource source,
      long from,
      long total) {
    if (from == 0) {
      coming = new byte[(int) total];
    }
    long gone = from;
    while (gone < total && room > 0) {
      int length = (int) Math.min(CHUNK, total - gone);
      UnsafeBuffer log = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
      source.copyTo(gone, log, 0, length);
      log.getBytes(0, coming, (int) gone, length);
      gone += length;
      room--;
    }
    if (gone == total) {
      sent.add(new Tensor(to, id, provenance, MemorySegment.ofArray(coming)));
    }
    return gone;
  }

  @Override
  public void pause() {
    pauses++;
  }
}
