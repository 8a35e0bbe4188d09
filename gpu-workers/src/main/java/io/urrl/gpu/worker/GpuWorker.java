package io.urrl.gpu.worker;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.SampleDigest;
import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.GpuWorkerCommand.Enlist;
import io.urrl.actors.protocol.GpuWorkerCommand.Grant;
import io.urrl.actors.protocol.GpuWorkerCommand.Revoke;
import io.urrl.actors.protocol.GpuWorkerCommand.Subscribed;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.StreamException;
import io.urrl.actors.stream.Streams;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.pretext.MicroBatchResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Computes micro-batches: fetches the views of its leases ahead of time, follows the shard's
 * versions and trains the lowest lease whose views are there and whose step the versions allow.
 *
 * <p>It runs on a pinned dispatcher: a forward and backward pass occupies its thread for as long as
 * it takes. Views and versions keep arriving meanwhile on the node's receive thread.
 */
public final class GpuWorker {
  private static final Duration TICK = Duration.ofSeconds(1);

  /**
   * How a worker works.
   *
   * @param prefetch leases held at a time
   * @param viewTimeout after which missing views are fetched again
   */
  public record Settings(int prefetch, Duration viewTimeout) {}

  private record ViewsComplete(ViewSlot slot) implements GpuWorkerCommand.Internal {}

  private record VersionComplete(int term, StagedVersion staged)
      implements GpuWorkerCommand.Internal {}

  private enum Tick implements GpuWorkerCommand.Internal {
    TICK
  }

  private enum Continue implements GpuWorkerCommand.Internal {
    CONTINUE
  }

  /** A lease in hand. */
  private static final class Held {
    private final ViewSlot slot;
    private boolean ready;
    private long fetchedAt;

    Held(ViewSlot slot) {
      this.slot = slot;
    }
  }

  private final ActorContext<GpuWorkerCommand> context;
  private final Settings settings;
  private final Streams streams;
  private final Replica replica;
  private final ResultSender results;
  private final Inbox inbox;
  private final StreamAddress address;
  private final TreeMap<MicroBatchId, Held> leases = new TreeMap<>();
  private final Deque<ViewSlot> freeSlots = new ArrayDeque<>();

  private Enlist run;
  private StreamAddress gradients;
  private boolean resubscribing;

  private long idleSince;
  private double parameterWait;
  private boolean drifted;

  private GpuWorker(
      ActorContext<GpuWorkerCommand> context,
      Settings settings,
      Streams streams,
      TensorRuntime runtime) {
    this.context = context;
    this.settings = settings;
    this.streams = streams;
    ActorRef<GpuWorkerCommand> self = context.getSelf();
    replica = new Replica(runtime);
    results = new ResultSender(streams, replica);
    inbox =
        new Inbox(
            streams.counters(),
            slot -> self.tell(new ViewsComplete(slot)),
            staged -> self.tell(new VersionComplete(staged.term(), staged)));
    address = streams.receive(inbox);
    idleSince = System.nanoTime();
  }

  /** A worker on one device of this node. */
  public static Behavior<GpuWorkerCommand> create(
      Settings settings, Streams streams, TensorRuntime runtime) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> start(context, timers, settings, streams, runtime)));
  }

  private static Behavior<GpuWorkerCommand> start(
      ActorContext<GpuWorkerCommand> context,
      TimerScheduler<GpuWorkerCommand> timers,
      Settings settings,
      Streams streams,
      TensorRuntime runtime) {
    GpuWorker worker = new GpuWorker(context, settings, streams, runtime);
    timers.startTimerWithFixedDelay(Tick.TICK, TICK);
    context
        .getSystem()
        .receptionist()
        .tell(Receptionist.register(ServiceKeys.GPU_WORKERS, context.getSelf()));
    return Behaviors.receive(GpuWorkerCommand.class)
        .onAnyMessage(worker::on)
        .onSignal(PostStop.class, signal -> worker.onPostStop())
        .build();
  }

  private Behavior<GpuWorkerCommand> on(GpuWorkerCommand command) {
    switch (command) {
      case Enlist enlist -> onEnlist(enlist);
      case Subscribed subscribed -> onSubscribed(subscribed);
      case Grant grant -> onGrant(grant);
      case Revoke revoke -> onRevoke(revoke);
      case GpuWorkerCommand.Internal internal -> onInternal(internal);
    }
    // A replica that drifted is not used again: the node puts another worker in its place.
    return drifted ? Behaviors.stopped() : Behaviors.same();
  }

  private void onInternal(GpuWorkerCommand.Internal event) {
    switch (event) {
      case ViewsComplete views -> onViewsComplete(views.slot());
      case VersionComplete version -> onVersionComplete(version);
      case Continue go -> trainNext();
      case Tick tick -> fetchAgain();
      default -> throw new IllegalStateException("not an event of a GPU worker: " + event);
    }
  }

  private void onEnlist(Enlist enlist) {
    if (!replica.computesAs(enlist.brief())) {
      run = null;
      enlist
          .trainer()
          .tell(
              new TrainerCommand.Refused(
                  context.getSelf(),
                  enlist.term(),
                  "%s (%s) computes other bits than the run's and takes no part; set workers.tensor-isa and workers.tensor-threads alike on all machines, or train.exact=relaxed"
                      .formatted(context.getSelf().path().name(), replica.device())));
      return;
    }
    boolean sameViews =
        run != null
            && run.brief().views().imageSize() == enlist.brief().views().imageSize()
            && run.brief().plan().microBatch() == enlist.brief().plan().microBatch();
    if (sameViews) {
      // A slot that the receive thread may still write to is not used again.
      leases.values().stream().filter(held -> held.ready).forEach(held -> freeSlots.add(held.slot));
    } else {
      freeSlots.clear();
    }
    leases.clear();
    run = enlist;
    gradients = null;
    replica.begin(enlist.brief());
    subscribe();
  }

  private void subscribe() {
    int term = run.term();
    var buffers = replica.stagingBuffers(term);
    streams.execute(() -> inbox.begin(term, buffers));
    run.shard().tell(new ShardCommand.Subscribe(term, context.getSelf(), address));
  }

  private void onSubscribed(Subscribed subscribed) {
    if (run == null || subscribed.term() != run.term()) {
      return;
    }
    gradients = subscribed.gradients();
    run.trainer()
        .tell(
            new TrainerCommand.Enlisted(
                context.getSelf(), run.term(), settings.prefetch(), replica.device()));
  }

  private void onGrant(Grant grant) {
    if (run == null || grant.term() != run.term()) {
      return;
    }
    RunBrief brief = run.brief();
    ViewSlot slot = freeSlots.poll();
    if (slot == null) {
      slot = new ViewSlot(brief.plan().microBatch(), brief.views().imageSize());
    }
    slot.expect(run.term(), grant.lease(), brief.plan().draws(grant.lease().id()));
    Held held = new Held(slot);
    leases.put(grant.lease().id(), held);
    ViewSlot expected = slot;
    streams.execute(() -> inbox.expect(expected));
    fetch(held, IntStream.range(0, brief.plan().microBatch()).toArray());
  }

  private void fetch(Held held, int[] places) {
    RunBrief brief = run.brief();
    SampleDraw[] draws = held.slot.draws();
    held.fetchedAt = System.nanoTime();
    run.supply()
        .tell(
            new SupplyCommand.Fetch(
                new ViewTask(
                    brief.views().source(),
                    ViewTask.Split.TRAIN,
                    brief.views().recipe(),
                    brief.views().imageSize(),
                    brief.plan().seed(),
                    address,
                    run.term(),
                    held.slot.lease().id().step(),
                    held.slot.lease().id().index(),
                    IntStream.of(places).mapToObj(place -> item(place, draws[place])).toList(),
                    run.trainer().narrow())));
  }

  private static ViewTask.Item item(int place, SampleDraw draw) {
    return new ViewTask.Item(place, draw.epoch(), draw.sample());
  }

  /** Views that did not come in time are asked for again; repeats are harmless. */
  private void fetchAgain() {
    if (run == null) {
      return;
    }
    long now = System.nanoTime();
    for (Held held : leases.values()) {
      if (!held.ready && now - held.fetchedAt > settings.viewTimeout().toNanos()) {
        held.fetchedAt = now;
        ViewSlot slot = held.slot;
        int[] missing =
            IntStream.range(0, run.brief().plan().microBatch()).filter(slot::lacks).toArray();
        fetch(held, missing);
      }
    }
  }

  private void onRevoke(Revoke revoke) {
    Held held = leases.get(revoke.lease().id());
    if (run != null
        && revoke.term() == run.term()
        && held != null
        && held.slot.lease().equals(revoke.lease())) {
      leases.remove(revoke.lease().id());
      streams.execute(() -> inbox.forget(revoke.lease()));
    }
  }

  private void onViewsComplete(ViewSlot slot) {
    Held held = leases.get(slot.lease().id());
    if (held != null && held.slot == slot) {
      held.ready = true;
      trainNext();
    } else {
      freeSlots.add(slot);
    }
  }

  private void onVersionComplete(VersionComplete event) {
    if (run == null || event.term() != run.term()) {
      return;
    }
    StagedVersion staged = event.staged();
    boolean next = staged.whole() || staged.version() == replica.version() + 1;
    if (next) {
      resubscribing = false;
      replica.advance(staged);
      parameterWait = secondsSince(idleSince);
    }
    streams.execute(() -> inbox.recycle(event.term(), staged));
    if (next) {
      trainNext();
    } else if (staged.version() > replica.version() && !resubscribing) {
      // A version was missed; only the whole state brings the replica back.
      resubscribing = true;
      run.shard().tell(new ShardCommand.Subscribe(run.term(), context.getSelf(), address));
    }
  }

  /** Trains the lowest lease whose views are there, if its step may be computed. */
  private void trainNext() {
    if (run == null || gradients == null) {
      return;
    }
    Optional<MicroBatchId> ready = firstReady();
    if (ready.isPresent()) {
      if (!refetchDamaged(leases.get(ready.get()))) {
        ViewSlot slot = leases.remove(ready.get()).slot;
        train(slot);
        freeSlots.add(slot);
      }
      idleSince = System.nanoTime();
      parameterWait = 0;
      context.getSelf().tell(Continue.CONTINUE);
    }
  }

  private Optional<MicroBatchId> firstReady() {
    if (replica.version() < 0) {
      // Within the staleness of the first steps, but no parameters have come yet.
      return Optional.empty();
    }
    long last = replica.version() + run.brief().staleness();
    return leases.entrySet().stream()
        .takeWhile(entry -> entry.getKey().step() <= last)
        .filter(entry -> entry.getValue().ready)
        .map(Map.Entry::getKey)
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
                run.term(),
                "%d views of %s changed between their making and their use at %s; making them again"
                    .formatted(
                        damaged.length, slot.lease().id(), context.getSelf().path().name())));
    held.ready = false;
    IntStream.of(damaged).forEach(slot::forget);
    streams.execute(() -> inbox.expect(slot));
    fetch(held, damaged);
    return true;
  }

  /** Says that a replica's memory changed, and gives the lease back. */
  private void giveUp(Lease lease, String part) {
    drifted = true;
    run.trainer()
        .tell(
            new TrainerCommand.Returned(
                context.getSelf(),
                run.term(),
                lease,
                "its %s of version %d is not the parameter shard's: memory changed. The worker is replaced"
                    .formatted(part, replica.version())));
  }

  private void train(ViewSlot slot) {
    long start = System.nanoTime();
    double waited = (start - idleSince) * 1e-9;
    double forParameters = Math.min(parameterWait, waited);
    MicroBatchResult result = replica.run(slot.query(), slot.key());
    long computed = System.nanoTime();
    Lease lease = slot.lease();
    try {
      Optional<String> drift = results.send(run.term(), gradients, lease, result);
      if (drift.isPresent()) {
        giveUp(lease, drift.get());
        return;
      }
    } catch (StreamException e) {
      run.trainer()
          .tell(new TrainerCommand.Returned(context.getSelf(), run.term(), lease, e.getMessage()));
      return;
    }
    run.trainer()
        .tell(
            new TrainerCommand.Trained(
                context.getSelf(),
                run.term(),
                lease,
                replica.version(),
                result.loss(),
                result.accuracy1(),
                result.nonFinite(),
                SampleDigest.of(slot.draws()),
                slot.substitutes(),
                new TrainerCommand.Digests(
                    slot.digest(), replica.stateDigest(), result.gradientDigest()),
                new TrainerCommand.Waits(
                    waited - forParameters,
                    forParameters,
                    (computed - start) * 1e-9,
                    secondsSince(computed)),
                backlog()));
  }

  private TrainerCommand.Backlog backlog() {
    int ready = (int) leases.values().stream().filter(held -> held.ready).count();
    return new TrainerCommand.Backlog(ready, leases.size());
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) * 1e-9;
  }

  private Behavior<GpuWorkerCommand> onPostStop() {
    streams.stop(address);
    replica.close();
    return Behaviors.same();
  }
}
