package io.urrl.actors.stream;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** A data plane on the test's thread: what is sent is kept, and the test says who takes it. */
public final class HandPlane implements DataPlane {
  /** Bytes of a chunk where nothing else is asked for. */
  public static final int CHUNK = 64;

  /** A whole tensor that came to a receiver. */
  public record Tensor(ChunkId id, Provenance provenance, MemorySegment bytes) {}

  private final class Line implements ChunkWriter {
    private final List<Tensor> tensors = new ArrayList<>();
    private final Map<ChunkId, byte[]> coming = new HashMap<>();
    private int room = Integer.MAX_VALUE;

    @Override
    public long offer(
        ChunkId id, Provenance provenance, ChunkSource source, long from, long total) {
      if (from == 0) {
        coming.put(id, new byte[(int) total]);
      }
      byte[] bytes = coming.get(id);
      long sent = from;
      while (sent < total && room > 0) {
        int length = (int) Math.min(chunk, total - sent);
        // Off the heap, as a stream's log is.
        UnsafeBuffer log = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        source.copyTo(sent, log, 0, length);
        log.getBytes(0, bytes, (int) sent, length);
        sent += length;
        room--;
      }
      if (sent == total) {
        tensors.add(new Tensor(id, provenance, MemorySegment.ofArray(coming.remove(id))));
      }
      return sent;
    }
  }

  private final String name;
  private final int chunk;
  private final StreamCounters counters = new StreamCounters();
  private final Map<StreamAddress, Line> lines = new HashMap<>();
  private final Map<BroadcastAddress, List<ChunkHandler>> followers = new HashMap<>();
  private final List<BroadcastAddress> closedBroadcasts = new ArrayList<>();
  private ChunkHandler handler;
  private boolean stopped;
  private int pauses;

  /**
   * @param name of what receives here
   */
  public HandPlane(String name) {
    this(name, CHUNK);
  }

  /**
   * @param name of what receives here
   * @param chunk bytes of a chunk
   */
  public HandPlane(String name, int chunk) {
    this.name = name;
    this.chunk = chunk;
  }

  private Line line(StreamAddress to) {
    return lines.computeIfAbsent(to, fresh -> new Line());
  }

  /** A receiver takes so many chunks more, and then nothing. */
  public void room(StreamAddress to, int chunks) {
    line(to).room = chunks;
  }

  /** What came to a receiver since this was asked before. */
  public List<Tensor> taken(StreamAddress to) {
    List<Tensor> taken = List.copyOf(line(to).tensors);
    line(to).tensors.clear();
    return taken;
  }

  /** Hands a tensor to the receiver of this node. */
  public void deliver(ChunkId id, Provenance provenance, MemorySegment tensor) {
    deliver(handler, id, provenance, tensor, 0, tensor.byteSize());
  }

  /** Hands bytes of a tensor, in chunks, to a receiver. */
  public static void deliver(
      ChunkHandler to,
      ChunkId id,
      Provenance provenance,
      MemorySegment tensor,
      long from,
      long end) {
    for (long at = from; at < end; at += CHUNK) {
      int length = (int) Math.min(CHUNK, end - at);
      UnsafeBuffer chunk = new UnsafeBuffer(ByteBuffer.allocateDirect(ChunkHeader.LENGTH + length));
      ChunkHeader.encode(chunk, 0, id, provenance, at, tensor.byteSize(), length);
      chunk.putBytes(ChunkHeader.LENGTH, tensor.asSlice(at, length).asByteBuffer(), length);
      to.onChunk(new ChunkHeader().wrap(chunk, 0), chunk, ChunkHeader.LENGTH);
    }
  }

  /** Times that a sender found nobody who takes anything. */
  public int pauses() {
    return pauses;
  }

  /** Whether the receiver of this node was stopped. */
  public boolean isStopped() {
    return stopped;
  }

  @Override
  public StreamCounters counters() {
    return counters;
  }

  @Override
  public StreamAddress receive(ChunkHandler receiver) {
    handler = receiver;
    return new StreamAddress("here", name, 1);
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

  /** What is broadcast comes to this address, whoever follows. */
  public static StreamAddress broadcastOf(BroadcastAddress address) {
    return address.sender();
  }

  private final class HandBroadcast implements Broadcast {
    private final BroadcastAddress address =
        new BroadcastAddress(new StreamAddress("here", name + " to all", 2), 3);

    @Override
    public BroadcastAddress address() {
      return address;
    }

    private Transfer transfer;

    @Override
    public void begin(List<Transfer.Part> parts) {
      transfer = new Transfer(line(broadcastOf(address)), parts);
    }

    @Override
    public boolean advance() {
      return transfer.advance();
    }

    @Override
    public boolean isDone() {
      return transfer == null || transfer.isDone();
    }

    @Override
    public void close() {
      closedBroadcasts.add(address);
    }
  }

  @Override
  public Broadcast broadcast() {
    return new HandBroadcast();
  }

  /** Broadcasts that were closed. */
  public List<BroadcastAddress> closedBroadcasts() {
    return List.copyOf(closedBroadcasts);
  }

  /** The handlers of this node that follow broadcasts. */
  public Map<BroadcastAddress, List<ChunkHandler>> followers() {
    return Map.copyOf(followers);
  }

  @Override
  public void follow(BroadcastAddress address, ChunkHandler follower) {
    followers.computeIfAbsent(address, fresh -> new ArrayList<>()).add(follower);
  }

  @Override
  public void unfollow(BroadcastAddress address, ChunkHandler follower) {
    List<ChunkHandler> left = followers.getOrDefault(address, new ArrayList<>());
    left.remove(follower);
    if (left.isEmpty()) {
      followers.remove(address);
    }
  }

  @Override
  public void pause() {
    pauses++;
  }
}
