package io.urrl.parameters.shard;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.Apply;
import io.urrl.actors.protocol.ShardCommand.BeginTerm;
import io.urrl.actors.protocol.ShardCommand.Report;
import io.urrl.actors.protocol.ShardCommand.Subscribe;
import io.urrl.actors.protocol.ShardCommand.WriteCheckpoint;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.StreamException;
import io.urrl.actors.stream.Streams;
import io.urrl.parameters.DamagedStateException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Owns the parameters: sums the gradients of a step, updates weights, velocity and momentum encoder
 * in one pass, enqueues the keys, and streams every new version to its subscribers.
 *
 * <p>It runs on a pinned dispatcher, since an update is a pass over all memory that it owns and a
 * broadcast waits for its receivers. Checkpoints are written from a copy on the dispatcher for
 * blocking I/O. A shard that fails is replaced by one that starts from the newest whole checkpoint.
 */
public final class ParameterShard {
  private static final Duration TICK = Duration.ofSeconds(2);

  private record Complete(int term, GradientParts parts) implements ShardCommand.Internal {}

  private record Written(Snapshots.Snapshot snapshot, String path, String failure)
      implements ShardCommand.Internal {}

  private enum Tick implements ShardCommand.Internal {
    TICK
  }

  private final ActorContext<ShardCommand> context;
  private final Streams streams;
  private final ShardState state;
  private final VersionSender sender;
  private final Duration patience;
  private final GradientInbox inbox;
  private final StreamAddress address;
  private final Map<ActorRef<GpuWorkerCommand>, StreamAddress> subscribers = new LinkedHashMap<>();
  private final Map<Long, StepReduction> reductions = new HashMap<>();

  /** Digests of the states that gradients may be computed at, by version. */
  private final NavigableMap<Long, Long> versions = new TreeMap<>();

  private int term;
  private BeginTerm run;
  private Apply pending;
  private long pendingSince;
  private int writing;

  private ParameterShard(
      ActorContext<ShardCommand> context, Streams streams, ShardState state, Duration patience) {
    this.context = context;
    this.streams = streams;
    this.state = state;
    sender = new VersionSender(streams, state);
    this.patience = patience;
    ActorRef<ShardCommand> self = context.getSelf();
    inbox = new GradientInbox(streams.counters(), (t, parts) -> self.tell(new Complete(t, parts)));
    address = streams.receive(inbox);
  }

  /**
   * @param open loads the newest whole checkpoint, or makes the state of a fresh run
   * @param patience how long an ordered update may lack a gradient before it is computed again
   */
  public static Behavior<ShardCommand> create(
      Streams streams, ShardState.Opener open, Duration patience) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> start(context, timers, streams, open, patience)));
  }

  private static Behavior<ShardCommand> start(
      ActorContext<ShardCommand> context,
      TimerScheduler<ShardCommand> timers,
      Streams streams,
      ShardState.Opener open,
      Duration patience) {
    ParameterShard shard = new ParameterShard(context, streams, open.open(), patience);
    timers.startTimerWithFixedDelay(Tick.TICK, TICK);
    context
        .getSystem()
        .receptionist()
        .tell(Receptionist.register(ServiceKeys.SHARDS, context.getSelf()));
    return Behaviors.receive(ShardCommand.class)
        .onAnyMessage(shard::on)
        .onSignal(Terminated.class, shard::onTerminated)
        .onSignal(PostStop.class, signal -> shard.onPostStop())
        .build();
  }

  private Behavior<ShardCommand> on(ShardCommand command) {
    switch (command) {
      case Report report -> onReport(report);
      case BeginTerm begin -> onBeginTerm(begin);
      case Subscribe subscribe -> onSubscribe(subscribe);
      case Apply apply -> onApply(apply);
      case WriteCheckpoint write -> onWriteCheckpoint(write);
      case ShardCommand.Internal internal -> onInternal(internal);
    }
    return Behaviors.same();
  }

  private void onInternal(ShardCommand.Internal event) {
    switch (event) {
      case Complete complete -> onComplete(complete);
      case Written written -> onWritten(written);
      case Tick tick -> onTick();
      default -> throw new IllegalStateException("not an event of a parameter shard: " + event);
    }
  }

  private void onReport(Report report) {
    report
        .replyTo()
        .tell(
            new TrainerCommand.ShardStatus(
                context.getSelf(), state.version(), term, state.origin()));
  }

  private void onBeginTerm(BeginTerm begin) {
    if (begin.term() <= term) {
      return;
    }
    term = begin.term();
    run = begin;
    pending = null;
    subscribers.clear();
    reductions.values().forEach(StepReduction::close);
    reductions.clear();
    versions.clear();
    remember();
    int microBatches = begin.brief().plan().microBatches();
    long version = state.version();
    long keyBytes = state.keyBytes(begin.brief());
    long statisticBytes = state.statisticBytes();
    long gradientBytes = state.query().byteSize();
    Supplier<GradientParts> room =
        () ->
            new GradientParts(Arena.ofAuto().allocate(gradientBytes, 64), keyBytes, statisticBytes);
    streams.execute(() -> inbox.begin(begin.term(), version, microBatches, room));
  }

  private void onSubscribe(Subscribe subscribe) {
    if (subscribe.term() != term) {
      return;
    }
    if (subscribers.put(subscribe.worker(), subscribe.parameters()) == null) {
      context.watch(subscribe.worker());
    }
    subscribe.worker().tell(new GpuWorkerCommand.Subscribed(term, address));
    requireIntact();
    sendTo(subscribe.worker(), subscribe.parameters(), true);
  }

  private void onComplete(Complete complete) {
    GradientParts parts = complete.parts();
    if (complete.term() != term) {
      return;
    }
    boolean wanted =
        parts.step() >= state.version()
            && intact(parts)
            && reductions.computeIfAbsent(parts.step(), step -> reduction()).add(parts);
    if (!wanted) {
      recycle(parts);
    }
    applyPending();
  }

  /** Whether a gradient came as it was computed, and was computed at this shard's state. */
  private boolean intact(GradientParts parts) {
    Long basis = versions.get(parts.version());
    Optional<String> damage = parts.damage();
    if (damage.isEmpty() && basis != null && basis == parts.basis()) {
      return true;
    }
    MicroBatchId id = new MicroBatchId(parts.step(), parts.index());
    String what =
        damage
            .map(part -> "the %s of %s changed between computing and summing".formatted(part, id))
            .orElse("the gradient of %s was computed at another state".formatted(id));
    run.trainer().tell(new TrainerCommand.Damaged(term, what));
    run.trainer().tell(new TrainerCommand.Missing(term, id));
    return false;
  }

  /** Remembers the digest of the present version, and of those that gradients may still bear. */
  private void remember() {
    versions.put(state.version(), state.digests().shared());
    versions.headMap(state.version() - run.brief().staleness()).clear();
  }

  private StepReduction reduction() {
    return new StepReduction(run.brief().plan().microBatches(), state.gradients());
  }

  private void onApply(Apply apply) {
    if (apply.term() != term || apply.step() != state.version()) {
      return;
    }
    pending = apply;
    pendingSince = System.nanoTime();
    applyPending();
  }

  private void applyPending() {
    if (pending == null) {
      return;
    }
    StepReduction reduction = reductions.get(pending.step());
    if (!pending.skip() && (reduction == null || !reduction.complete())) {
      return;
    }
    Apply apply = pending;
    pending = null;
    if (apply.skip()) {
      state.skip();
    } else {
      watched(() -> state.apply(reduction, apply.rate(), run.brief().momentum()));
    }
    reductions.remove(apply.step());
    if (reduction != null) {
      reduction.close();
      reduction.parts().forEach(this::recycle);
    }
    remember();
    long version = state.version();
    streams.execute(() -> inbox.applied(version));
    if (apply.snapshot()) {
      state.keepSnapshot();
    }
    run.trainer().tell(new TrainerCommand.Applied(term, version));
    broadcast(apply.skip());
  }

  /** Says what was found of damage before the shard ends by it. */
  private void watched(Runnable work) {
    try {
      work.run();
    } catch (DamagedStateException e) {
      run.trainer()
          .tell(
              new TrainerCommand.Damaged(
                  term, e.getMessage() + "; going back to the newest checkpoint"));
      throw e;
    }
  }

  private void broadcast(boolean whole) {
    if (whole) {
      requireIntact();
    }
    List.copyOf(subscribers.entrySet())
        .forEach(entry -> sendTo(entry.getKey(), entry.getValue(), whole));
  }

  /** A damaged state that left whole would be refused by every worker, without an end. */
  private void requireIntact() {
    watched(state::requireIntact);
  }

  private void sendTo(ActorRef<GpuWorkerCommand> worker, StreamAddress to, boolean whole) {
    try {
      if (whole) {
        sender.sendWhole(term, to);
      } else {
        sender.sendChange(term, to);
      }
    } catch (StreamException e) {
      // A live worker notices the missed version and subscribes again.
      context
          .getLog()
          .warn("version {} not delivered to {}: {}", state.version(), to, e.getMessage());
      subscribers.remove(worker);
    }
  }

  private void onWriteCheckpoint(WriteCheckpoint write) {
    if (!state.hasSnapshot(write.version()) && state.version() == write.version()) {
      state.keepSnapshot();
    }
    Optional<Snapshots.Snapshot> kept = state.beginWriting(write.version());
    if (kept.isEmpty()) {
      run.trainer()
          .tell(
              new TrainerCommand.CheckpointFailed(
                  write.version(),
                  "no copy of the state at step " + write.version() + " was kept"));
      return;
    }
    Snapshots.Snapshot snapshot = kept.get();
    writing++;
    Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    context.pipeToSelf(
        CompletableFuture.supplyAsync(() -> state.write(snapshot), blocking),
        (path, failure) ->
            new Written(
                snapshot,
                path,
                failure == null ? null : String.valueOf(rootOf(failure).getMessage())));
  }

  private static Throwable rootOf(Throwable failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }

  private void onWritten(Written written) {
    writing--;
    state.endWriting(written.snapshot());
    long version = written.snapshot().state().version();
    run.trainer()
        .tell(
            written.failure() == null
                ? new TrainerCommand.CheckpointWritten(version, written.path())
                : new TrainerCommand.CheckpointFailed(version, written.failure()));
  }

  /** Gradients of an ordered update that do not come are lost: they are computed again. */
  private void onTick() {
    boolean late = pending != null && System.nanoTime() - pendingSince > patience.toNanos();
    if (!late) {
      return;
    }
    pendingSince = System.nanoTime();
    StepReduction reduction = reductions.computeIfAbsent(pending.step(), step -> reduction());
    for (int index : reduction.missing()) {
      MicroBatchId id = new MicroBatchId(pending.step(), index);
      run.trainer().tell(new TrainerCommand.Missing(term, id));
    }
  }

  private void recycle(GradientParts parts) {
    int current = term;
    streams.execute(() -> inbox.recycle(current, parts));
  }

  private Behavior<ShardCommand> onTerminated(Terminated terminated) {
    ActorRef<GpuWorkerCommand> gone = terminated.getRef().unsafeUpcast();
    StreamAddress address = subscribers.remove(gone);
    if (address != null) {
      streams.release(address);
    }
    return Behaviors.same();
  }

  private Behavior<ShardCommand> onPostStop() {
    streams.stop(address);
    if (writing == 0) {
      state.close();
    }
    return Behaviors.same();
  }
}
