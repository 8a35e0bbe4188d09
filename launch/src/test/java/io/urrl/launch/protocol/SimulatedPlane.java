package io.urrl.launch.protocol;

import io.urrl.actors.stream.Broadcast;
import io.urrl.actors.stream.BroadcastAddress;
import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.StreamCounters;
import io.urrl.actors.stream.Transfer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A data plane in virtual time: chunks come in the order in which they were sent, or not at all.
 */
final class SimulatedPlane implements DataPlane {
  private static final int LARGEST_PAYLOAD = 64;

  private final VirtualTime time;
  private final SplittableRandom random;
  private final Faults faults;
  private final StreamCounters counters = new StreamCounters();
  private final Map<StreamAddress, ChunkHandler> receivers = new HashMap<>();
  private final Map<StreamAddress, Writer> writers = new HashMap<>();
  private final Map<BroadcastAddress, Map<ChunkHandler, StreamAddress>> followers = new HashMap<>();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private int addresses;
  private long outageEnds;

  SimulatedPlane(VirtualTime time, SplittableRandom random, Faults faults) {
    this.time = time;
    this.random = random;
    this.faults = faults;
  }

  private final class Writer implements ChunkWriter {
    private final StreamAddress to;
    private long lastArrival;

    Writer(StreamAddress to) {
      this.to = to;
    }

    @Override
    public long offer(
        ChunkId id, Provenance provenance, ChunkSource source, long from, long total) {
      long sent = from;
      while (sent < total
          && !isOut()
          && receivers.containsKey(to)
          && random.nextDouble() >= faults.blocking()) {
        int length = (int) Math.min(LARGEST_PAYLOAD, total - sent);
        send(id, provenance, source, sent, total, length);
        sent += length;
      }
      return sent;
    }

    private void send(
        ChunkId id,
        Provenance provenance,
        ChunkSource source,
        long offset,
        long total,
        int length) {
      UnsafeBuffer chunk =
          new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(ChunkHeader.LENGTH + length));
      ChunkHeader.encode(chunk, 0, id, provenance, offset, total, length);
      source.copyTo(offset, chunk, ChunkHeader.LENGTH, length);
      if (random.nextDouble() >= faults.chunkLoss()) {
        lastArrival =
            Math.max(lastArrival, time.nanos() + random.nextLong(1, 1 + faults.delay() * 100_000));
        time.in(lastArrival - time.nanos(), () -> arrive(to, chunk));
      }
    }
  }

  private void arrive(StreamAddress to, UnsafeBuffer chunk) {
    runTasks();
    ChunkHandler handler = receivers.get(to);
    if (handler != null && !isOut()) {
      handler.onChunk(new ChunkHeader().wrap(chunk, 0), chunk, ChunkHeader.LENGTH);
    }
  }

  /** Nothing goes and nothing comes for so many nanoseconds; what is under way is lost. */
  void goOut(long nanos) {
    outageEnds = Math.max(outageEnds, time.nanos() + nanos);
  }

  private boolean isOut() {
    return time.nanos() < outageEnds;
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Override
  public StreamCounters counters() {
    return counters;
  }

  @Override
  public StreamAddress receive(ChunkHandler handler) {
    StreamAddress address = new StreamAddress("simulated", "nowhere", ++addresses);
    receivers.put(address, handler);
    return address;
  }

  @Override
  public void stop(StreamAddress address) {
    receivers.remove(address);
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    time.in(random.nextLong(1, 2_000_000), this::runTasks);
  }

  @Override
  public ChunkWriter writerTo(StreamAddress to) {
    return writers.computeIfAbsent(to, Writer::new);
  }

  /** Each follower misses chunks of its own. */
  private final class SimulatedBroadcast implements Broadcast {
    private final BroadcastAddress address =
        new BroadcastAddress(new StreamAddress("simulated", "to all", ++addresses), addresses);

    @Override
    public BroadcastAddress address() {
      return address;
    }

    private List<Transfer> transfers = List.of();

    @Override
    public void begin(List<Transfer.Part> parts) {
      transfers =
          followers.getOrDefault(address, Map.of()).values().stream()
              .map(follower -> new Transfer(writerTo(follower), parts))
              .toList();
    }

    @Override
    public boolean advance() {
      boolean moved = false;
      for (Transfer transfer : transfers) {
        moved |= transfer.advance();
      }
      return moved;
    }

    @Override
    public boolean isDone() {
      return transfers.stream().allMatch(Transfer::isDone);
    }

    @Override
    public void close() {
      followers.remove(address);
    }
  }

  @Override
  public Broadcast broadcast() {
    return new SimulatedBroadcast();
  }

  @Override
  public void follow(BroadcastAddress address, ChunkHandler handler) {
    followers
        .computeIfAbsent(address, fresh -> new LinkedHashMap<>())
        .put(handler, receive(handler));
  }

  @Override
  public void unfollow(BroadcastAddress address, ChunkHandler handler) {
    StreamAddress place = followers.getOrDefault(address, new HashMap<>()).remove(handler);
    if (place != null) {
      stop(place);
    }
  }

  @Override
  public void pause() {
    // Virtual time passes between events alone.
  }
}
