package io.urrl.parameters.shard;

import io.urrl.actors.objective.Objective;
import io.urrl.actors.objective.Parts;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.ShardCommand.Subscribe;
import io.urrl.actors.stream.Broadcast;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.Transfer;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.parameters.CompanionState;
import io.urrl.parameters.StateDigests;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Versions on their way to the workers of a term. What a step changed is broadcast; the whole state
 * goes to a worker alone, and so does a change as long as the broadcast has not come to that
 * worker. Who takes nothing costs the others nothing.
 *
 * <p>What is under way reads the state itself. When the next step changes that, a worker that had
 * not got all of what went to it alone gets the whole new version; one that missed what was
 * broadcast shows so with its next subscriptions. For the shard's thread.
 */
final class Deliveries {
  /** How long a version that has gone may take to its worker before it goes again. */
  private static final long SETTLING_MILLIS = 2_000;

  private static final class Delivery {
    private final StreamAddress to;

    /** What goes to this worker alone; null for nothing. */
    private Transfer transfer;

    /** When something of that went last; long ago where nothing did. */
    private long since;

    /** Whether the broadcast comes to the worker. */
    private boolean follows;

    /** The version that it last said it has, and since when it says so and is behind. */
    private long heard;

    private long heardSince;

    Delivery(StreamAddress to, long heard, long now) {
      this.to = to;
      this.heard = heard;
      heardSince = now;
      giveUp(now);
    }

    /** The next version goes to the worker: if it had the one before, it is behind from now on. */
    void next(long version, long now) {
      if (heard >= version - 1) {
        heardSince = now;
      }
    }

    /** The worker says what it has. */
    void hear(Subscribe says, long now) {
      follows = says.follows();
      if (says.version() != heard) {
        heard = says.version();
        heardSince = now;
      }
    }

    boolean isUnderWay() {
      return transfer != null && !transfer.isDone();
    }

    /** Nothing goes, and nothing has to be waited for. */
    void giveUp(long now) {
      transfer = null;
      since = now - SETTLING_MILLIS;
    }
  }

  private final DataPlane streams;
  private final Broadcast changes;
  private final ShardState state;
  private final Fence fence;
  private final long patienceMillis;
  private final LongSupplier millis;
  private final Map<ActorRef<GpuWorkerCommand>, Delivery> deliveries = new LinkedHashMap<>();

  /** When something was broadcast last. */
  private long broadcastSince;

  /**
   * @param changes where what a step changed is broadcast
   * @param patienceMillis after which what a worker does not take is given up, until it asks again
   */
  Deliveries(
      DataPlane streams,
      Broadcast changes,
      ShardState state,
      Fence fence,
      long patienceMillis,
      LongSupplier millis) {
    this.streams = streams;
    this.changes = changes;
    this.state = state;
    this.fence = fence;
    this.patienceMillis = patienceMillis;
    this.millis = millis;
    broadcastSince = millis.getAsLong() - SETTLING_MILLIS;
  }

  /**
   * A worker has a version and wants all that follow.
   *
   * @return whether the whole state is to be {@link #sendWhole sent} to it
   */
  boolean wantsWhole(Subscribe says) {
    Delivery delivery = deliveries.get(says.worker());
    long now = millis.getAsLong();
    boolean known = delivery != null && delivery.to.equals(says.parameters());
    if (!known) {
      delivery = new Delivery(says.parameters(), says.version(), now);
      deliveries.put(says.worker(), delivery);
    }
    delivery.hear(says, now);
    return says.version() < state.version() && (!known || isOverdue(delivery, now));
  }

  /** Whether what a worker lacks does not come any more. */
  private boolean isOverdue(Delivery delivery, long now) {
    long stuck = now - delivery.heardSince;
    long gone = delivery.follows ? Math.max(delivery.since, broadcastSince) : delivery.since;
    // Where steps follow each other quickly there may always be a broadcast under way.
    boolean comes =
        delivery.isUnderWay() || (delivery.follows && !changes.isDone() && stuck < patienceMillis);
    return !comes && (now - gone >= SETTLING_MILLIS || stuck >= SETTLING_MILLIS);
  }

  void remove(ActorRef<GpuWorkerCommand> worker) {
    deliveries.remove(worker);
  }

  /** All workers of the term. */
  List<ActorRef<GpuWorkerCommand>> workers() {
    return List.copyOf(deliveries.keySet());
  }

  /** The workers that have not got all of what goes to them alone. */
  List<ActorRef<GpuWorkerCommand>> behind() {
    return deliveries.entrySet().stream()
        .filter(entry -> entry.getValue().isUnderWay())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Begins to send all that a worker holds of this shard's part. */
  void sendWhole(ActorRef<GpuWorkerCommand> worker) {
    Delivery delivery = deliveries.get(worker);
    begin(delivery, whole());
    delivery.heardSince = delivery.since;
  }

  /** Begins to send the whole state to every worker. */
  void sendWholeToAll() {
    changes.begin(List.of());
    workers().forEach(this::sendWhole);
  }

  /**
   * Begins to send what the newest step changed.
   *
   * @param behind to whom the whole state goes instead
   */
  void sendChange(List<ActorRef<GpuWorkerCommand>> behind) {
    List<Transfer.Part> change = change();
    changes.begin(change);
    long now = millis.getAsLong();
    broadcastSince = now;
    deliveries.forEach(
        (worker, delivery) -> {
          delivery.next(state.version(), now);
          if (behind.contains(worker)) {
            sendWhole(worker);
          } else if (!delivery.follows) {
            begin(delivery, change);
          }
        });
  }

  /** From now on nothing reads the state. */
  void close() {
    changes.begin(List.of());
  }

  private void begin(Delivery delivery, List<Transfer.Part> parts) {
    delivery.transfer = new Transfer(streams.writerTo(delivery.to), parts);
    delivery.since = millis.getAsLong();
  }

  private List<Transfer.Part> whole() {
    StateDigests digests = state.digests();
    Objective objective = state.objective();
    List<Transfer.Part> parts = new ArrayList<>();
    parts.add(whole(Parts.PARAMETERS, digests.parameters(), 0, state.parameters()));
    if (objective.hasMomentumEncoder()) {
      parts.add(
          whole(Parts.MOMENTUM_ENCODER, digests.momentumEncoder(), 0, state.momentumEncoder()));
    }
    for (int index : state.replicated()) {
      CompanionState companion = state.companion(index);
      parts.add(
          whole(
              Parts.companion(index),
              digests.companions().get(index),
              companion.position(),
              companion.values()));
    }
    return parts;
  }

  private Transfer.Part whole(int number, long digest, int position, MemorySegment data) {
    return part(id(true, number, position), digest, 0, data);
  }

  private List<Transfer.Part> change() {
    StateDigests digests = state.digests();
    List<Transfer.Part> parts = new ArrayList<>();
    parts.add(part(id(false, Parts.PARAMETERS, 0), digests.parameters(), 0, state.parameters()));
    for (int index : state.replicated()) {
      MemorySegment rows = state.takenIn(index);
      parts.add(
          part(
              id(false, Parts.companion(index), 0),
              digests.companions().get(index),
              (int) TensorDigest.of(rows),
              rows));
    }
    return parts;
  }

  private ChunkId id(boolean whole, int number, int position) {
    int part = Parts.ofSlice(state.share().index(), number);
    return new ChunkId.State(fence, state.version(), whole, part, position);
  }

  private Transfer.Part part(ChunkId id, long digest, int detail, MemorySegment data) {
    Provenance provenance = new Provenance(digest, state.digests().shared(), detail);
    return new Transfer.Part(id, provenance, ChunkSource.of(data), data.byteSize());
  }

  /**
   * Sends what the workers take now.
   *
   * @return whether something is left that will go later
   */
  boolean advance() {
    long now = millis.getAsLong();
    boolean moved = !changes.isDone() && changes.advance();
    if (moved) {
      broadcastSince = now;
    }
    boolean left = !changes.isDone();
    for (Delivery delivery : deliveries.values()) {
      if (delivery.isUnderWay()) {
        if (delivery.transfer.advance()) {
          moved = true;
          delivery.since = now;
        } else if (now - delivery.since > patienceMillis) {
          delivery.giveUp(now);
        }
        left |= delivery.isUnderWay();
      }
    }
    if (left && !moved) {
      streams.pause();
    }
    return left;
  }
}
