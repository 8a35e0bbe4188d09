package io.urrl.actors.run;

import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.CheckpointDropped;
import io.urrl.actors.protocol.TrainerCommand.CheckpointFailed;
import io.urrl.actors.protocol.TrainerCommand.CheckpointNoted;
import io.urrl.actors.protocol.TrainerCommand.CheckpointWritten;
import io.urrl.actors.protocol.TrainerCommand.Closed;
import io.urrl.actors.protocol.TrainerCommand.Damaged;
import io.urrl.actors.protocol.TrainerCommand.Enlisted;
import io.urrl.actors.protocol.TrainerCommand.RecordBegun;
import io.urrl.actors.protocol.TrainerCommand.RecordFailed;
import io.urrl.actors.protocol.TrainerCommand.Recorded;
import io.urrl.actors.protocol.TrainerCommand.Refused;
import io.urrl.actors.protocol.TrainerCommand.Returned;
import io.urrl.actors.protocol.TrainerCommand.ShardFailed;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.protocol.TrainerCommand.Stop;
import io.urrl.actors.protocol.TrainerCommand.TermTaken;
import io.urrl.actors.protocol.TrainerCommand.ViewReport;
import io.urrl.actors.protocol.TrainerCommand.Working;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Steers a run: finds the shard and the workers, begins terms, and ends the run; what happens
 * within a term is {@link TermRun}'s.
 *
 * <p>It owns no state that cannot be found again. A new trainer begins a new term at the shard and
 * enlists every worker anew; what was under way in the old term is computed again. The same happens
 * when the shard comes back from a checkpoint.
 */
public final class Trainer {
  private static final Duration TICK = Duration.ofMillis(500);

  /** How long a run waits for a worker that computes its bits, where all others were refused. */
  private static final int MOST_TICKS_WITHOUT_WORKERS = 10;

  /** How long a stop waits for the step under way; half of what Kubernetes and Slurm leave. */
  static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

  /** Stops, for a successor on another node that finds out where the run stands. */
  public record HandOver() implements TrainerCommand.Internal {}

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
  private final LongSupplier millis;
  private final Set<ActorRef<GpuWorkerCommand>> workers = new HashSet<>();
  private final Refusals<ActorRef<GpuWorkerCommand>> refusals =
      new Refusals<>(MOST_TICKS_WITHOUT_WORKERS);
  private final ViewFailures views;
  private final long incarnation = UUID.randomUUID().getMostSignificantBits();

  /** Shards of the newest listing, and those that are known to be gone. */
  private Set<ActorRef<ShardCommand>> listed = Set.of();

  private final Set<ActorRef<ShardCommand>> gone = new HashSet<>();
  private ActorRef<ShardCommand> shard;

  /** The highest term that is known to have been begun, or is to begin next. */
  private int term;

  /** The term that is open; null while one is to begin. */
  private TermRun run;

  /** Version at which a resumed run would begin, as far as is known, and its checkpoint. */
  private long saved;

  private String checkpoint = "";

  private boolean stopping;
  private boolean overdue;

  /** How the run ended, told until it is heard; null before. */
  private RunEvent ended;

  private boolean over;

  private Trainer(
      ActorContext<TrainerCommand> context,
      TimerScheduler<TrainerCommand> timers,
      TrainerSettings settings,
      ActorRef<SupplyCommand> supply,
      ActorRef<RunEvent> monitor,
      LongSupplier millis) {
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.supply = supply;
    this.monitor = monitor;
    this.millis = millis;
    views = new ViewFailures(settings.brokenLimit(), millis);
  }

  /**
   * @param supply where workers fetch views
   * @param monitor hears of every step and keeps the record
   * @param millis a clock in milliseconds of any origin
   */
  public static Behavior<TrainerCommand> create(
      TrainerSettings settings,
      ActorRef<SupplyCommand> supply,
      ActorRef<RunEvent> monitor,
      LongSupplier millis) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Trainer(context, timers, settings, supply, monitor, millis).start()));
  }

  private Behavior<TrainerCommand> start() {
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
    return Behaviors.receive(TrainerCommand.class)
        .onAnyMessage(this::on)
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private Behavior<TrainerCommand> on(TrainerCommand command) {
    if (command instanceof HandOver) {
      return Behaviors.stopped();
    }
    if (ended == null) {
      whileOpen(command);
    } else if (command instanceof Closed) {
      over = true;
    } else if (command instanceof Tick && !over) {
      monitor.tell(ended);
    }
    return Behaviors.same();
  }

  private void whileOpen(TrainerCommand command) {
    switch (command) {
      case TermTaken taken -> onTermTaken(taken);
      case Standing standing -> onStanding(standing);
      case ShardFailed failed -> fail(failed.text());
      case Enlisted enlisted -> inTerm(open -> open.workers().onEnlisted(enlisted));
      case Refused refused -> inTerm(open -> onRefused(open, refused));
      case Working working -> inTerm(open -> open.workers().onWorking(working));
      case Returned returned -> inTerm(open -> open.workers().onReturned(returned));
      case Damaged damaged -> onDamaged(damaged);
      case CheckpointWritten written -> inTerm(open -> open.onCheckpointWritten(written));
      case CheckpointFailed failed -> fail(failed.text());
      case CheckpointDropped dropped -> inTerm(open -> open.onCheckpointDropped(dropped));
      case CheckpointNoted noted -> inTerm(open -> open.onCheckpointNoted(noted));
      case RecordBegun begun -> inTerm(open -> open.onRecordBegun(begun));
      case Recorded done -> {
        views.onProgress();
        inTerm(open -> open.onRecorded(done));
      }
      case RecordFailed failed -> fail(failed.text());
      case ViewReport report -> views.on(report, checkpoint, this::notice).ifPresent(this::fail);
      case Stop stop -> onStop();
      case Closed early -> {}
      case TrainerCommand.Internal internal -> onInternal(internal);
    }
  }

  private void inTerm(Consumer<TermRun> event) {
    if (run != null) {
      TermRun open = run;
      event.accept(open);
      saved = open.saved();
      checkpoint = open.lastCheckpoint();
    }
  }

  private void onInternal(TrainerCommand.Internal event) {
    switch (event) {
      case ShardsFound found -> onShardsFound(found.shards());
      case WorkersFound found -> onWorkersFound(found.workers());
      case Tick tick -> onTick();
      case Overdue late -> onOverdue();
      default -> throw new IllegalStateException("not an event of the trainer: " + event);
    }
  }

  private void notice(String text) {
    monitor.tell(new RunEvent.Notice(text));
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
              term++;
              beginTerm();
            });
  }

  private void beginTerm() {
    shard.tell(new ShardCommand.BeginTerm(term, incarnation, settings.brief(), context.getSelf()));
  }

  /** Somebody was here before, perhaps in a process that is gone. */
  private void onTermTaken(TermTaken taken) {
    if (taken.shard().equals(shard) && taken.highest() >= term) {
      run = null;
      term = taken.highest() + 1;
      beginTerm();
    }
  }

  private void onStanding(Standing standing) {
    if (!standing.shard().equals(shard) || standing.term() != term) {
      return;
    }
    saved = standing.saved();
    checkpoint = standing.checkpoint();
    if (run != null) {
      inTerm(open -> open.onStanding(standing));
      return;
    }
    refusals.clear();
    run =
        new TermRun(
            settings,
            new TermRun.Parties(context.getSelf(), shard, supply, monitor),
            new TermRun.End() {
              @Override
              public void finish(long version, boolean stopped, String checkpoint) {
                end(new RunEvent.Finished(version, stopped, checkpoint, context.getSelf()));
              }

              @Override
              public void fail(String text) {
                Trainer.this.fail(text);
              }
            },
            millis,
            standing,
            workers);
    if (stopping) {
      run.endHere();
    }
  }

  private void onWorkersFound(Set<ActorRef<GpuWorkerCommand>> found) {
    for (ActorRef<GpuWorkerCommand> worker : found) {
      if (workers.add(worker)) {
        context.watch(worker);
        inTerm(open -> open.workers().enlist(worker));
      }
    }
  }

  private void onRefused(TermRun open, Refused refused) {
    if (open.workers().onRefused(refused) && refusals.add(refused.worker(), refused.text())) {
      notice(refused.text());
    }
  }

  private void onDamaged(Damaged damaged) {
    if (damaged.term() == term) {
      notice(damaged.text());
    }
  }

  /** What is open is said again: any message may have been lost. */
  private void onTick() {
    if (run == null) {
      if (shard != null) {
        beginTerm();
      }
      return;
    }
    refusals.tick(workers).ifPresent(this::fail);
    views.overdue().ifPresent(this::fail);
    if (ended == null) {
      inTerm(TermRun::onTick);
    }
  }

  /** The end comes after the step under way, where one is, and without it when that takes long. */
  private void onStop() {
    if (!stopping) {
      stopping = true;
      timers.startSingleTimer(Overdue.OVERDUE, STOP_PATIENCE);
      inTerm(TermRun::stop);
    }
  }

  /**
   * First the step under way is given up, then the shard: what is on disk is the end. A checkpoint
   * that is being written is waited for.
   */
  private void onOverdue() {
    if (run != null && !overdue) {
      run.endHere();
    } else if (run == null || !run.isWriting()) {
      end(new RunEvent.Finished(saved, true, checkpoint, context.getSelf()));
    }
    overdue = true;
    timers.startSingleTimer(Overdue.OVERDUE, STOP_PATIENCE);
  }

  private Behavior<TrainerCommand> onTerminated(Terminated terminated) {
    ActorRef<ShardCommand> shardGone = terminated.getRef().unsafeUpcast();
    ActorRef<GpuWorkerCommand> workerGone = terminated.getRef().unsafeUpcast();
    if (shardGone.equals(shard)) {
      if (ended == null) {
        notice("the parameter shard is gone; waiting for its successor");
      }
      gone.add(shardGone);
      shard = null;
      run = null;
      takeShard();
    } else if (workers.remove(workerGone) && !refusals.remove(workerGone) && ended == null) {
      inTerm(
          open -> {
            notice(workerGone.path().name() + " is gone; its leases go to the others");
            open.onWorkerGone(workerGone);
          });
    }
    return Behaviors.same();
  }

  private void fail(String text) {
    end(new RunEvent.Failed(text, context.getSelf()));
  }

  private void end(RunEvent how) {
    if (ended == null) {
      ended = how;
      monitor.tell(how);
    }
  }
}
