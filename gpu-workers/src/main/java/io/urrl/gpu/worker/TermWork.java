package io.urrl.gpu.worker;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.GpuWorkerCommand.Enlist;
import io.urrl.actors.protocol.GpuWorkerCommand.Hold;
import io.urrl.actors.protocol.GpuWorkerCommand.Subscribed;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.gpu.pretext.MicroBatchResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A GPU worker's part in one term of a run: holds leases and fetches their views, follows the
 * shards' versions, computes and sends results. For the worker's thread.
 */
final class TermWork {

  /**
   * What the worker has for all terms.
   *
   * @param slotFree hears on the receive thread, for a term, of slots that nothing is written into
   *     any more
   */
  record Desk(
      ActorRef<GpuWorkerCommand> self,
      GpuWorker.Means means,
      Replica replica,
      Inbox inbox,
      StreamAddress address,
      BiConsumer<Integer, ViewSlot> slotFree) {}

  /** A lease in hand. */
  private static final class Held {
    private final ViewSlot slot;
    private Lease lease;
    private boolean ready;

    Held(ViewSlot slot, Lease lease) {
      this.slot = slot;
      this.lease = lease;
    }
  }

  private final Enlist run;
  private final Desk desk;
  private final Replica replica;
  private final ShardLinks shards;
  private final Fence fence;
  private final TreeMap<MicroBatchId, Held> leases = new TreeMap<>();
  private final Deque<ViewSlot> freeSlots = new ArrayDeque<>();

  /** Leases of which the results were handed to the streams. */
  private final Set<Lease> sent = new HashSet<>();

  private Sending sending;
  private long order = -1;
  private long idleSince;
  private double parameterWait;
  private boolean drifted;

  TermWork(Enlist run, Desk desk) {
    this.run = run;
    this.desk = desk;
    replica = desk.replica();
    shards = new ShardLinks(run, desk);
    fence = new Fence(run.brief().runId(), run.term());
    replica.begin(run.brief(), run.shards().size());
    idleSince = nanos();
    List<StagedVersion> buffers = replica.stagingBuffers(fence);
    Inbox inbox = desk.inbox();
    desk.means().streams().execute(() -> inbox.begin(fence, buffers));
    shards.subscribe(replica.version());
  }

  private long nanos() {
    return desk.means().nanos().getAsLong();
  }

  int term() {
    return run.term();
  }

  /** A replica that drifted is not used again. */
  boolean hasDrifted() {
    return drifted;
  }

  /** The trainer has not heard that this worker is in the term. */
  void onEnlist() {
    if (shards.isComplete()) {
      tellEnlisted();
    }
  }

  private void tellEnlisted() {
    run.trainer()
        .tell(
            new TrainerCommand.Enlisted(
                desk.self(), term(), desk.means().settings().prefetch(), replica.device()));
  }

  void onSubscribed(Subscribed subscribed) {
    boolean known = shards.isComplete();
    shards.onSubscribed(subscribed);
    if (!known && shards.isComplete()) {
      tellEnlisted();
    }
  }

  void onHold(Hold hold) {
    if (hold.order() > order) {
      order = hold.order();
      Map<MicroBatchId, Lease> held =
          hold.leases().stream().collect(Collectors.toMap(Lease::id, Function.identity()));
      leases.values().removeIf(mine -> !keeps(mine, held.get(mine.lease.id())));
      sent.retainAll(hold.leases());
      hold.leases().stream().filter(this::isNew).forEach(this::take);
    }
    tellWorking();
  }

  private boolean keeps(Held mine, Lease now) {
    if (now != null) {
      mine.lease = now;
      return true;
    }
    drop(mine);
    return false;
  }

  private boolean isNew(Lease lease) {
    boolean underWay = sending != null && sending.outgoing().lease().equals(lease);
    return !leases.containsKey(lease.id()) && !sent.contains(lease) && !underWay;
  }

  private void drop(Held held) {
    if (held.ready) {
      freeSlots.add(held.slot);
      return;
    }
    ViewSlot slot = held.slot;
    int term = term();
    Inbox inbox = desk.inbox();
    desk.means()
        .streams()
        .execute(
            () -> {
              inbox.forget(slot);
              desk.slotFree().accept(term, slot);
            });
  }

  private void take(Lease lease) {
    RunBrief brief = run.brief();
    ViewSlot slot = freeSlots.poll();
    if (slot == null) {
      slot =
          new ViewSlot(
              brief.plan().microBatch(),
              brief.objective().views().parts(brief.views().imageSize()));
    }
    slot.expect(lease, brief.plan().draws(lease.id()));
    Held held = new Held(slot, lease);
    leases.put(lease.id(), held);
    ViewSlot expected = slot;
    Inbox inbox = desk.inbox();
    desk.means().streams().execute(() -> inbox.expect(expected));
    fetch(held, IntStream.range(0, brief.plan().microBatch()).toArray());
  }

  void onSlotFree(ViewSlot slot) {
    freeSlots.add(slot);
  }

  private void tellWorking() {
    run.trainer().tell(new TrainerCommand.Working(desk.self(), term(), List.copyOf(sent)));
  }

  private void fetch(Held held, int[] places) {
    RunBrief brief = run.brief();
    SampleDraw[] draws = held.slot.draws();
    run.supply()
        .tell(
            new SupplyCommand.Fetch(
                new ViewTask(
                    brief.views().data(),
                    ViewTask.Split.TRAIN,
                    brief.objective().views(),
                    brief.views().recipe(),
                    brief.views().imageSize(),
                    brief.plan().seed(),
                    desk.address(),
                    fence,
                    held.lease.id().step(),
                    held.lease.id().index(),
                    IntStream.of(places)
                        .mapToObj(
                            place ->
                                new ViewTask.Item(
                                    place, draws[place].epoch(), draws[place].sample()))
                        .toList(),
                    run.trainer().narrow()),
                desk.self()));
  }

  /** What is missing is asked for again: the supply knows whether somebody is at it. */
  void onTick() {
    shards.subscribe(replica.version());
    int microBatch = run.brief().plan().microBatch();
    for (Held held : leases.values()) {
      if (!held.ready) {
        fetch(held, IntStream.range(0, microBatch).filter(held.slot::lacks).toArray());
      }
    }
  }

  void onViewsComplete(ViewSlot slot) {
    Held held = leases.get(slot.lease().id());
    if (held != null && held.slot == slot) {
      held.ready = true;
    }
  }

  void onVersionComplete(StagedVersion staged) {
    boolean next =
        staged.whole()
            ? staged.version() >= replica.version()
            : staged.version() == replica.version() + 1;
    if (next) {
      waitForReaders();
      replica.advance(staged);
      shards.onVersion(staged);
      parameterWait = secondsSince(idleSince);
    }
    Inbox inbox = desk.inbox();
    desk.means().streams().execute(() -> inbox.recycle(fence, staged));
  }

  /** The term is over for this worker. */
  void close() {
    waitForReaders();
    shards.close();
  }

  /** The state's memory stays as it is until nobody reads it any more. */
  private void waitForReaders() {
    if (sending != null) {
      sending.outgoing().drift();
    }
  }

  /**
   * Goes on with what is under way, or computes the lowest lease whose views are there, if its step
   * may be computed.
   *
   * @return whether there may be more to do at once
   */
  boolean goOn() {
    if (sending != null) {
      return send();
    }
    Optional<Held> ready = shards.isComplete() ? firstReady() : Optional.empty();
    if (ready.isEmpty()) {
      return false;
    }
    if (!refetchDamaged(ready.get())) {
      leases.remove(ready.get().lease.id());
      compute(ready.get());
      send();
    }
    return true;
  }

  private Optional<Held> firstReady() {
    if (replica.version() < 0) {
      // Within the staleness of the first steps, but no parameters have come yet.
      return Optional.empty();
    }
    long last = replica.version() + run.brief().staleness();
    return leases.values().stream()
        .takeWhile(held -> held.lease.id().step() <= last)
        .filter(held -> held.ready && held.lease.id().step() >= replica.version())
        .findFirst();
  }

  /**
   * Fetches views again that are not what they were when they were made.
   *
   * @return whether there are any
   */
  private boolean refetchDamaged(Held held) {
    ViewSlot slot = held.slot;
    int[] damaged = slot.damaged();
    if (damaged.length == 0) {
      return false;
    }
    run.trainer()
        .tell(
            new TrainerCommand.Damaged(
                term(),
                "%d views of %s changed between their making and their use at %s; making them again"
                    .formatted(damaged.length, held.lease.id(), desk.self().path().name())));
    held.ready = false;
    IntStream.of(damaged).forEach(slot::forget);
    Inbox inbox = desk.inbox();
    desk.means().streams().execute(() -> inbox.expect(slot));
    fetch(held, damaged);
    return true;
  }

  private void compute(Held held) {
    long started = nanos();
    double waited = (started - idleSince) * 1e-9;
    double forParameters = Math.min(parameterWait, waited);
    MicroBatchResult result = replica.run(held.slot.views());
    GpuWorker.Means means = desk.means();
    Outgoing outgoing =
        new Outgoing(
            fence,
            shards.results().stream().map(means.streams()::writerTo).toList(),
            held.lease,
            result,
            replica,
            means.executor());
    sending =
        new Sending(
            held.slot, result, outgoing, waited - forParameters, forParameters, started, nanos());
  }

  /** Sends what the shards take now; returns whether there is more to do. */
  private boolean send() {
    Outgoing outgoing = sending.outgoing();
    boolean moved = outgoing.advance(this::report);
    if (outgoing.isOver()) {
      freeSlots.add(sending.slot());
      sending = null;
      if (outgoing.drift().isPresent()) {
        giveUp(outgoing, outgoing.drift().get());
        return false;
      }
      sent.add(outgoing.lease());
      tellWorking();
      idleSince = nanos();
      parameterWait = 0;
    } else if (!moved) {
      desk.means().streams().pause();
    }
    return true;
  }

  private Result report() {
    int ready = (int) leases.values().stream().filter(held -> held.ready).count();
    return sending.report(
        desk.self().path().name(), nanos(), new Result.Backlog(ready, leases.size()));
  }

  /** Says that a replica's memory changed, and gives the lease back. */
  private void giveUp(Outgoing outgoing, String part) {
    drifted = true;
    run.trainer()
        .tell(
            new TrainerCommand.Returned(
                desk.self(),
                term(),
                outgoing.lease(),
                "its %s of version %d is not the parameter shard's: memory changed. The worker is replaced"
                    .formatted(part, outgoing.version())));
  }

  private double secondsSince(long then) {
    return (nanos() - then) * 1e-9;
  }
}
