package io.urrl.parameters.shard;

import io.urrl.actors.objective.Objective;
import io.urrl.actors.objective.Parts;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.Transfer;
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
 * Versions on their way to the workers of a term, each with a cursor of its own: a worker that
 * takes nothing costs the others nothing. What is under way reads the state itself; when the next
 * step changes that, a worker that had not got all of it gets the whole new version. For the
 * shard's thread.
 */
final class Deliveries {
  /** How long a version that has gone may take to its worker before it goes again. */
  private static final long SETTLING_MILLIS = 2_000;

  private static final class Delivery {
    private final StreamAddress to;
    private Transfer transfer;
    private long since;

    /** The version that the worker last said it has, and since when it says so and is behind. */
    private long heard;

    private long heardSince;

    Delivery(StreamAddress to, long heard, long now) {
      this.to = to;
      this.heard = heard;
      heardSince = now;
    }

    /** The next version goes to the worker: if it had the one before, it is behind from now on. */
    void next(long version, long now) {
      if (heard >= version - 1) {
        heardSince = now;
      }
    }

    /** The worker says what it has; returns since when it says the same and is behind. */
    long hear(long version, long now) {
      if (version != heard) {
        heard = version;
        heardSince = now;
      }
      return heardSince;
    }

    boolean isUnderWay() {
      return transfer != null && !transfer.isDone();
    }
  }

  private final DataPlane streams;
  private final ShardState state;
  private final Fence fence;
  private final long patienceMillis;
  private final LongSupplier millis;
  private final Map<ActorRef<GpuWorkerCommand>, Delivery> deliveries = new LinkedHashMap<>();

  /**
   * @param patienceMillis after which what a worker does not take is given up, until it asks again
   */
  Deliveries(
      DataPlane streams, ShardState state, Fence fence, long patienceMillis, LongSupplier millis) {
    this.streams = streams;
    this.state = state;
    this.fence = fence;
    this.patienceMillis = patienceMillis;
    this.millis = millis;
  }

  /**
   * A worker has a version and wants all that follow.
   *
   * @param version -1 for none
   * @return whether the whole state is to be {@link #sendWhole sent} to it
   */
  boolean wantsWhole(ActorRef<GpuWorkerCommand> worker, StreamAddress to, long version) {
    Delivery delivery = deliveries.get(worker);
    long now = millis.getAsLong();
    if (delivery == null || !delivery.to.equals(to)) {
      deliveries.put(worker, new Delivery(to, version, now));
      return version < state.version();
    }
    long stuck = now - delivery.hear(version, now);
    boolean settled =
        delivery.transfer == null
            || now - delivery.since >= SETTLING_MILLIS
            || stuck >= SETTLING_MILLIS;
    return version < state.version() && !delivery.isUnderWay() && settled;
  }

  void remove(ActorRef<GpuWorkerCommand> worker) {
    deliveries.remove(worker);
  }

  /** Begins to send all that a worker holds of this shard's part. */
  void sendWhole(ActorRef<GpuWorkerCommand> worker) {
    StateDigests digests = state.digests();
    Objective objective = state.objective();
    List<Transfer.Part> parts = new ArrayList<>();
    parts.add(part(true, Parts.PARAMETERS, digests.parameters(), 0, state.parameters()));
    if (objective.hasMomentumEncoder()) {
      parts.add(
          part(
              true, Parts.MOMENTUM_ENCODER, digests.momentumEncoder(), 0, state.momentumEncoder()));
    }
    for (int index : state.replicated()) {
      CompanionState companion = state.companion(index);
      parts.add(companion(true, index, companion.position(), companion.values()));
    }
    Delivery delivery = deliveries.get(worker);
    begin(delivery, parts);
    delivery.heardSince = delivery.since;
  }

  /** All workers of the term. */
  List<ActorRef<GpuWorkerCommand>> workers() {
    return List.copyOf(deliveries.keySet());
  }

  /** The workers that have not got all of the present version. */
  List<ActorRef<GpuWorkerCommand>> behind() {
    return deliveries.entrySet().stream()
        .filter(entry -> entry.getValue().isUnderWay())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Begins to send what the newest step changed to those workers that had got all before it. The
   * digest of what a companion took in is the whole companion's.
   *
   * @param behind those that had not: the whole state goes to them
   */
  void sendChange(List<ActorRef<GpuWorkerCommand>> behind) {
    deliveries.forEach(
        (worker, delivery) -> {
          if (!behind.contains(worker)) {
            delivery.next(state.version(), millis.getAsLong());
            begin(delivery, change());
          }
        });
    behind.forEach(this::sendWhole);
  }

  private List<Transfer.Part> change() {
    List<Transfer.Part> parts = new ArrayList<>();
    parts.add(part(false, Parts.PARAMETERS, state.digests().parameters(), 0, state.parameters()));
    for (int index : state.replicated()) {
      parts.add(companion(false, index, 0, state.takenIn(index)));
    }
    return parts;
  }

  private Transfer.Part companion(boolean whole, int index, int position, MemorySegment data) {
    long digest = state.digests().companions().get(index);
    return part(whole, Parts.companion(index), digest, position, data);
  }

  private void begin(Delivery delivery, List<Transfer.Part> parts) {
    delivery.transfer = new Transfer(streams.writerTo(delivery.to), parts);
    delivery.since = millis.getAsLong();
  }

  private Transfer.Part part(
      boolean whole, int number, long digest, int position, MemorySegment data) {
    return new Transfer.Part(
        new ChunkId.State(
            fence, state.version(), whole, Parts.ofSlice(state.share().index(), number), position),
        new Provenance(digest, state.digests().shared(), 0),
        ChunkSource.of(data),
        data.byteSize());
  }

  /**
   * Sends what the workers take now.
   *
   * @return whether something is left that will go later
   */
  boolean advance() {
    boolean left = false;
    boolean moved = false;
    long now = millis.getAsLong();
    for (Delivery delivery : deliveries.values()) {
      if (delivery.isUnderWay()) {
        if (delivery.transfer.advance()) {
          moved = true;
          delivery.since = now;
        } else if (now - delivery.since > patienceMillis) {
          delivery.transfer = null;
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
