package io.urrl.actors.run;

import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.Applied;
import io.urrl.actors.protocol.TrainerCommand.CheckpointFailed;
import io.urrl.actors.protocol.TrainerCommand.CheckpointWritten;
import io.urrl.actors.protocol.TrainerCommand.Damaged;
import io.urrl.actors.protocol.TrainerCommand.Enlisted;
import io.urrl.actors.protocol.TrainerCommand.Missing;
import io.urrl.actors.protocol.TrainerCommand.PictureBroken;
import io.urrl.actors.protocol.TrainerCommand.RecordFailed;
import io.urrl.actors.protocol.TrainerCommand.Recorded;
import io.urrl.actors.protocol.TrainerCommand.Refused;
import io.urrl.actors.protocol.TrainerCommand.Returned;
import io.urrl.actors.protocol.TrainerCommand.ShardStatus;
import io.urrl.actors.protocol.TrainerCommand.Stop;
import io.urrl.actors.protocol.TrainerCommand.TaskId;
import io.urrl.actors.protocol.TrainerCommand.Trained;
import io.urrl.actors.protocol.TrainerCommand.ViewsFailed;
import io.urrl.actors.run.TrainerSettings.OnNonFinite;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Steers a run: grants leases, closes steps, orders updates and checkpoints.
 *
 * <p>It owns no state that cannot be found again. A new trainer asks the shard where it stands,
 * begins a new term there and enlists every worker anew; what was under way in the old term is
 * computed again. The same happens when the shard comes back from a checkpoint.
 */
public final class Trainer {
  private static final Duration TICK = Duration.ofSeconds(1);

  /** How long a run waits for a worker that computes its bits, where all others were refused. */
  private static final int MOST_TICKS_WITHOUT_WORKERS = 5;

  /** How long a stop waits for the step under way; half of what Kubernetes and Slurm leave. */
  static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

  private record ShardsFound(Set<ActorRef<ShardCommand>> shards)
      implements TrainerCommand.Internal {}

  private record WorkersFound(Set<ActorRef<GpuWorkerCommand>> workers)
      implements TrainerCommand.Internal {}

  private enum Tick implements TrainerCommand.Internal {
    TICK
  }

  /** A stop has waited long enough for the step under way. */
  private enum Overdue implements TrainerCommand.Internal {
    OVERDUE
  }

  private final ActorContext<TrainerCommand> context;
  private final TimerScheduler<TrainerCommand> timers;
  private final TrainerSettings settings;
  private final ActorRef<SupplyCommand> supply;
  private final ActorRef<RunEvent> monitor;
  private final Set<ActorRef<GpuWorkerCommand>> workers = new HashSet<>();
  private final Refusals<ActorRef<GpuWorkerCommand>> refusals =
      new Refusals<>(MOST_TICKS_WITHOUT_WORKERS);
  private final Set<Integer> broken = new HashSet<>();

  /** View tasks that failed once. */
  private final Set<TaskId> failed = new HashSet<>();

  private final Suspects suspects = new Suspects();
  private final CheckpointCalendar checkpoints;

  /** Shards of the newest listing, and those that are known to be gone. */
  private Set<ActorRef<ShardCommand>> listed = Set.of();

  private final Set<ActorRef<ShardCommand>> gone = new HashSet<>();
  private ActorRef<ShardCommand> shard;
  private Ledger<ActorRef<GpuWorkerCommand>, Trained> ledger;
  private int term;

  private boolean applying;
  private boolean stopping;

  /** Whether a stop waits for no further step: what has been applied is the end. */
  private boolean ending;

  private boolean over;

  private Trainer(
      ActorContext<TrainerCommand> context,
      TimerScheduler<TrainerCommand> timers,
      TrainerSettings settings,
      ActorRef<SupplyCommand> supply,
      ActorRef<RunEvent> monitor) {
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.supply = supply;
    this.monitor = monitor;
    checkpoints =
        new CheckpointCalendar(
            settings.brief().plan().steps(), settings.checkpointEvery(), settings.judgeEvery());
  }

  /**
   * @param supply where workers fetch views
   * @param monitor hears of every step and keeps the record
   */
  public static Behavior<TrainerCommand> create(
      TrainerSettings settings, ActorRef<SupplyCommand> supply, ActorRef<RunEvent> monitor) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> start(context, timers, settings, supply, monitor)));
  }

  private static Behavior<TrainerCommand> start(
      ActorContext<TrainerCommand> context,
      TimerScheduler<TrainerCommand> timers,
      TrainerSettings settings,
      ActorRef<SupplyCommand> supply,
      ActorRef<RunEvent> monitor) {
    ActorRef<Receptionist.Listing> listings =
        context.messageAdapter(
            Receptionist.Listing.class,
            listing ->
                listing.isForKey(ServiceKeys.SHARDS)
                    ? new ShardsFound(listing.getServiceInstances(ServiceKeys.SHARDS))
                    : new WorkersFound(listing.getServiceInstances(ServiceKeys.GPU_WORKERS)));
    ActorRef<Receptionist.Command> receptionist = context.getSystem().receptionist();
    receptionist.tell(Receptionist.subscribe(ServiceKeys.SHARDS, listings));
    receptionist.tell(Receptionist.subscribe(ServiceKeys.GPU_WORKERS, listings));
    timers.startTimerWithFixedDelay(Tick.TICK, TICK);
    Trainer trainer = new Trainer(context, timers, settings, supply, monitor);
    return Behaviors.receive(TrainerCommand.class)
        .onAnyMessage(trainer::on)
        .onSignal(Terminated.class, trainer::onTerminated)
        .build();
  }

  private Behavior<TrainerCommand> on(TrainerCommand command) {
    if (over) {
      return Behaviors.same();
    }
    switch (command) {
      case ShardStatus status -> onShardStatus(status);
      case Enlisted enlisted -> onEnlisted(enlisted);
      case Refused refused -> onRefused(refused);
      case Trained trained -> onTrained(trained);
      case Returned returned -> onReturned(returned);
      case Applied applied -> onApplied(applied);
      case Missing missing -> onMissing(missing);
      case Damaged damaged -> onDamaged(damaged);
      case Recorded done -> onRecorded(done);
      case RecordFailed failed -> fail(failed.text());
      case CheckpointWritten written -> onCheckpointWritten(written);
      case CheckpointFailed failed -> fail(failed.text());
      case PictureBroken picture -> onPictureBroken(picture);
      case ViewsFailed views -> onViewsFailed(views);
      case Stop stop -> onStop();
      case TrainerCommand.Internal internal -> onInternal(internal);
    }
    return Behaviors.same();
  }

  private void onInternal(TrainerCommand.Internal event) {
    switch (event) {
      case ShardsFound found -> onShardsFound(found.shards());
      case WorkersFound found -> onWorkersFound(found.workers());
      case Tick tick -> onTick();
      case Overdue overdue -> endHere();
      default -> throw new IllegalStateException("not an event of the trainer: " + event);
    }
  }

  private void onShardsFound(Set<ActorRef<ShardCommand>> shards) {
    listed = shards;
    takeShard();
  }

  /** A listing may still name a shard that is gone, and none may follow that leaves it out. */
  private void takeShard() {
    if (shard != null) {
      return;
    }
    listed.stream()
        .filter(candidate -> !gone.contains(candidate))
        .findFirst()
        .ifPresent(
            candidate -> {
              shard = candidate;
              context.watch(shard);
              shard.tell(new ShardCommand.Report(context.getSelf()));
            });
  }

  private void onWorkersFound(Set<ActorRef<GpuWorkerCommand>> found) {
    for (ActorRef<GpuWorkerCommand> worker : found) {
      if (workers.add(worker)) {
        context.watch(worker);
        if (ledger != null) {
          enlist(worker);
        }
      }
    }
  }

  private void onShardStatus(ShardStatus status) {
    if (!status.shard().equals(shard)) {
      return;
    }
    term = Math.max(term, status.term()) + 1;
    applying = false;
    suspects.clear();
    refusals.clear();
    failed.clear();
    checkpoints.restart(status.version());
    RunBrief brief = settings.brief();
    ledger =
        new Ledger<>(
            brief.plan().microBatches(),
            status.version(),
            steps(),
            brief.staleness(),
            settings.lookahead(),
            now());
    monitor.tell(new RunEvent.Started(status.version(), steps(), status.origin()));
    shard.tell(new ShardCommand.BeginTerm(term, brief, context.getSelf()));
    if (status.version() >= steps()) {
      finish(false);
    } else if (stopping) {
      endHere();
    } else {
      workers.forEach(this::enlist);
    }
  }

  private void enlist(ActorRef<GpuWorkerCommand> worker) {
    worker.tell(
        new GpuWorkerCommand.Enlist(term, settings.brief(), context.getSelf(), shard, supply));
  }

  private void onEnlisted(Enlisted enlisted) {
    if (enlisted.term() == term && workers.contains(enlisted.worker())) {
      ledger.join(enlisted.worker(), enlisted.capacity());
      grant();
    }
  }

  private void onRefused(Refused refused) {
    if (refused.term() == term && refusals.add(refused.worker(), refused.text())) {
      monitor.tell(new RunEvent.Notice(refused.text()));
    }
  }

  private void grant() {
    for (Ledger.Assignment<ActorRef<GpuWorkerCommand>> granted : ledger.grant(now())) {
      granted.worker().tell(new GpuWorkerCommand.Grant(term, granted.lease()));
    }
  }

  private void onTrained(Trained trained) {
    if (trained.term() != term || !ledger.trained(trained.worker(), trained.lease(), trained)) {
      return;
    }
    if (!trained.finite() && suspects.isFirstTime(trained.lease().id())) {
      computeAgain(trained);
      return;
    }
    if (!trained.finite() && settings.onNonFinite() == OnNonFinite.STOP) {
      fail(
          "the "
              + trained.nonFinite()
              + " in "
              + trained.lease().id()
              + " holds NaN or infinity; the last good checkpoint is "
              + checkpoints.last()
              + ". Resume from it with a lower --lr, or with --on-nan skip");
      return;
    }
    grant();
    applyNext();
  }

  private void computeAgain(Trained trained) {
    monitor.tell(
        new RunEvent.Notice(
            "the %s in %s holds NaN or infinity at %s; computing it again"
                .formatted(
                    trained.nonFinite(), trained.lease().id(), trained.worker().path().name())));
    ledger.giveBack(trained.lease());
    grant();
  }

  /** Orders the next update when all its gradients are in and no other update is under way. */
  private void applyNext() {
    if (applying || ending) {
      return;
    }
    ledger.complete().ifPresent(this::apply);
  }

  private void apply(List<Trained> results) {
    long step = ledger.version();
    CheckpointCalendar.Choice choice = checkpoints.choose(step + 1, stopping);
    if (choice == CheckpointCalendar.Choice.WAIT) {
      return;
    }
    boolean keep = choice == CheckpointCalendar.Choice.KEEP;
    boolean skip = results.stream().anyMatch(result -> !result.finite());
    double rate = settings.rate().at(step);
    applying = true;
    monitor.tell(closed(step, rate, skip, results));
    shard.tell(new ShardCommand.Apply(term, step, rate, skip, keep));
  }

  private RunEvent.StepClosed closed(long step, double rate, boolean skip, List<Trained> results) {
    return new RunEvent.StepClosed(
        step,
        settings.brief().plan().epochOf(step),
        results.stream().mapToDouble(Trained::loss).sum() / results.size(),
        results.stream().mapToDouble(Trained::accuracy).sum() / results.size(),
        rate,
        skip,
        results.stream()
            .map(
                result ->
                    new RunEvent.Contribution(
                        result.worker().path().name(),
                        result.lease().attempt(),
                        result.version(),
                        result.samples(),
                        result.substitutes(),
                        result.digests(),
                        result.waits(),
                        result.backlog()))
            .toList(),
        context.getSelf());
  }

  private long steps() {
    return settings.brief().plan().steps();
  }

  private void onApplied(Applied applied) {
    if (applied.term() != term) {
      return;
    }
    applying = false;
    ledger.applied(now());
    suspects.close(ledger.version());
    writeCheckpoint();
    if (ending) {
      endHere();
      return;
    }
    grant();
    applyNext();
  }

  private void onRecorded(Recorded done) {
    checkpoints.recorded(done.steps());
    writeCheckpoint();
  }

  private void writeCheckpoint() {
    if (ledger != null && checkpoints.mayWrite(ledger.version())) {
      shard.tell(new ShardCommand.WriteCheckpoint(checkpoints.snapshot()));
    }
  }

  private void onCheckpointWritten(CheckpointWritten written) {
    if (ledger == null || !checkpoints.written(written.version(), written.path())) {
      return;
    }
    monitor.tell(new RunEvent.CheckpointKept(written.version(), written.path()));
    boolean newest = written.version() == ledger.version() && !applying;
    if (written.version() == steps() || (stopping && newest)) {
      finish(written.version() < steps());
    } else if (ending) {
      endHere();
    } else {
      applyNext();
    }
  }

  /** The end comes after the step under way, where one is, and without it when that takes long. */
  private void onStop() {
    if (stopping) {
      return;
    }
    stopping = true;
    timers.startSingleTimer(Overdue.OVERDUE, STOP_PATIENCE);
    if (ledger != null && ledger.workers() == 0) {
      endHere();
    }
  }

  /** Ends with the version that the shard has; an update or a checkpoint under way comes first. */
  private void endHere() {
    ending = true;
    if (ledger == null) {
      fail(
          "stopped while the parameter shard was gone; the newest checkpoint is "
              + checkpoints.last()
              + "; go on from there with --resume");
    } else if (!applying && checkpoints.isSaved(ledger.version())) {
      finish(true);
    } else if (!applying) {
      checkpoints.want(ledger.version());
      writeCheckpoint();
    }
  }

  private void onReturned(Returned returned) {
    if (returned.term() == term && ledger.giveBack(returned.lease())) {
      monitor.tell(
          new RunEvent.Notice(
              returned.worker().path().name()
                  + " gave "
                  + returned.lease().id()
                  + " back: "
                  + returned.reason()));
      grant();
    }
  }

  private void onMissing(Missing missing) {
    if (missing.term() == term && ledger.takeBack(missing.id())) {
      monitor.tell(
          new RunEvent.Notice(
              "the gradient of " + missing.id() + " was lost on its way; computing it again"));
      grant();
    }
  }

  private void onDamaged(Damaged damaged) {
    if (damaged.term() == term) {
      monitor.tell(new RunEvent.Notice(damaged.text()));
    }
  }

  private void onPictureBroken(PictureBroken picture) {
    if (broken.add(picture.sample())) {
      monitor.tell(new RunEvent.Notice("skipping " + picture.name() + ": " + picture.reason()));
      if (broken.size() > settings.brokenLimit()) {
        fail(
            broken.size()
                + " pictures cannot be read, the last one "
                + picture.name()
                + " ("
                + picture.reason()
                + "); "
                + settings.brokenLimit()
                + " are allowed. Mend or remove them, or raise data.max-broken");
      }
    }
  }

  /** The first failure may be its worker's; the second one is the task's. */
  private void onViewsFailed(ViewsFailed views) {
    if (failed.add(views.task())) {
      monitor.tell(new RunEvent.Notice("trying once more: " + views.text()));
    } else {
      fail("%s (tried twice; the last checkpoint: %s)".formatted(views.text(), checkpoints.last()));
    }
  }

  private void onTick() {
    if (ledger == null || shard == null) {
      return;
    }
    Optional<String> refusal = refusals.tick(workers);
    if (refusal.isPresent()) {
      fail(refusal.get());
      return;
    }
    long timeout = settings.leaseTimeout().toMillis();
    for (Ledger.Assignment<ActorRef<GpuWorkerCommand>> late : ledger.expire(now(), timeout)) {
      monitor.tell(
          new RunEvent.Notice(
              late.worker().path().name()
                  + " took more than "
                  + settings.leaseTimeout().toSeconds()
                  + " s over "
                  + late.lease().id()
                  + "; granting it again"));
      late.worker().tell(new GpuWorkerCommand.Revoke(term, late.lease()));
    }
    grant();
  }

  private Behavior<TrainerCommand> onTerminated(Terminated terminated) {
    ActorRef<ShardCommand> shardGone = terminated.getRef().unsafeUpcast();
    ActorRef<GpuWorkerCommand> workerGone = terminated.getRef().unsafeUpcast();
    if (shardGone.equals(shard)) {
      monitor.tell(new RunEvent.Notice("the parameter shard is gone; waiting for its successor"));
      gone.add(shardGone);
      shard = null;
      ledger = null;
      term++;
      takeShard();
    } else if (workers.remove(workerGone) && !refusals.remove(workerGone) && ledger != null) {
      monitor.tell(
          new RunEvent.Notice(workerGone.path().name() + " is gone; its leases go to the others"));
      ledger.leave(workerGone);
      grant();
    }
    return Behaviors.same();
  }

  private void finish(boolean stopped) {
    over = true;
    monitor.tell(new RunEvent.Finished(ledger.version(), stopped));
  }

  private void fail(String text) {
    over = true;
    monitor.tell(new RunEvent.Failed(text));
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
