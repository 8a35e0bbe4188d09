package io.urrl.augment.worker;

import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.StreamCounters;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** A data plane whose receivers take as much as the test lets them. */
final class TakingPlane implements DataPlane {
  /** Bytes of a chunk: views take more than one. */
  static final int CHUNK = 20;

  /** A whole tensor that came to a receiver. */
  record Tensor(ChunkId id, Provenance provenance, MemorySegment bytes) {}

  private static final class Line implements ChunkWriter {
    private final List<Tensor> tensors = new ArrayList<>();
    private final Map<ChunkId, byte[]> coming = new HashMap<>();
    private int room = Integer.MAX_VALUE;

    @Override
    public long offer(
        ChunkId id, Provenance provenance, ChunkSource source, long from, long total) {
      byte[] bytes = coming.computeIfAbsent(id, fresh -> new byte[(int) total]);
      long sent = from;
      while (sent < total && room > 0) {
        int length = (int) Math.min(CHUNK, total - sent);
        source.copyTo(sent, new UnsafeBuffer(bytes), (int) sent, length);
        sent += length;
        room--;
      }
      if (sent == total) {
        tensors.add(new Tensor(id, provenance, MemorySegment.ofArray(coming.remove(id))));
      }
      return sent;
    }
  }

  private final StreamCounters counters = new StreamCounters();
  private final Map<StreamAddress, Line> lines = new HashMap<>();
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

  /** Times that a sender waited for a receiver. */
  int pauses() {
    return pauses;
  }

  @Override
  public StreamCounters counters() {
    return counters;
  }

  @Override
  public StreamAddress receive(ChunkHandler handler) {
    throw new UnsupportedOperationException("whoever makes views receives nothing");
  }

  @Override
  public void stop(StreamAddress address) {
    throw new UnsupportedOperationException("whoever makes views receives nothing");
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
