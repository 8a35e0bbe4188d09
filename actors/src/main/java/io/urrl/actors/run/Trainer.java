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
import io.urrl.actors.protocol.TrainerCommand.SliceWritten;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.protocol.TrainerCommand.Stop;
import io.urrl.actors.protocol.TrainerCommand.TermJoined;
import io.urrl.actors.protocol.TrainerCommand.TermTaken;
import io.urrl.actors.protocol.TrainerCommand.ViewReport;
import io.urrl.actors.protocol.TrainerCommand.Working;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
 * Steers a run: finds the shards and the workers, begins terms, and ends the run; what happens
 * within a term is {@link TermRun}'s.
 *
 * <p>It owns no state that cannot be found again. A new trainer begins a new term at the shards and
 * enlists every worker anew; what was under way in the old term is computed again. The same happens
 * when a shard is gone, with its successor or another one in its place.
 *
 * <p>It claims its terms on disk and needs a thread of its own.
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

  private final TermStart terms;

  /** The term that is open; null while none is. */
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
      TermClaims claims,
      LongSupplier millis) {
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.supply = supply;
    this.monitor = monitor;
    this.millis = millis;
    terms = new TermStart(settings, claims, millis, owner());
    views = new ViewFailures(settings.brokenLimit(), millis);
  }

  /**
   * @param supply where workers fetch views
   * @param monitor hears of every step and keeps the record
   * @param claims terms of the run, on disk
   * @param millis a clock in milliseconds of any origin
   */
  public static Behavior<TrainerCommand> create(
      TrainerSettings settings,
      ActorRef<SupplyCommand> supply,
      ActorRef<RunEvent> monitor,
      TermClaims claims,
      LongSupplier millis) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Trainer(context, timers, settings, supply, monitor, claims, millis)
                        .start()));
  }

  private TermStart.Owner owner() {
    return new TermStart.Owner() {
      @Override
      public ActorRef<TrainerCommand> self() {
        return context.getSelf();
      }

      @Override
      public void watch(ActorRef<ShardCommand> shard) {
        context.watch(shard);
      }

      @Override
      public void notice(String text) {
        Trainer.this.notice(text);
      }

      @Override
      public void fail(String text) {
        Trainer.this.fail(text);
      }
    };
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
      case TermJoined joined -> terms.onJoined(joined);
      case Standing standing -> onStanding(standing);
      case ShardFailed failed -> failInTerm(failed.term(), failed.text());
      case Enlisted enlisted -> inTerm(open -> open.workers().onEnlisted(enlisted));
      case Refused refused -> inTerm(open -> onRefused(open, refused));
      case Working working -> inTerm(open -> open.workers().onWorking(working));
      case Returned returned -> inTerm(open -> open.workers().onReturned(returned));
      case Damaged damaged -> onDamaged(damaged);
      case CheckpointWritten written -> inTerm(open -> open.onCheckpointWritten(written));
      case SliceWritten slice -> inTerm(open -> open.onSliceWritten(slice));
      case CheckpointFailed failed -> failInTerm(failed.term(), failed.text());
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
      case ShardsFound found -> terms.onFound(found.shards());
      case WorkersFound found -> onWorkersFound(found.workers());
      case Tick tick -> onTick();
      case Overdue late -> onOverdue();
      default -> throw new IllegalStateException("not an event of the trainer: " + event);
    }
  }

  private void notice(String text) {
    monitor.tell(new RunEvent.Notice(text));
  }

  /** Somebody else was here, with a term that is higher than this trainer's. */
  private void onTermTaken(TermTaken taken) {
    if (terms.onTaken(taken)) {
      run = null;
    }
  }

  private void onStanding(Standing standing) {
    if (!terms.isOurs(standing)) {
      return;
    }
    if (run != null) {
      inTerm(open -> open.onStanding(standing));
    } else {
      terms.onStanding(standing).ifPresent(this::open);
    }
  }

  private void open(List<Standing> standings) {
    saved = standings.getFirst().saved();
    checkpoint = standings.getFirst().checkpoint();
    refusals.clear();
    run =
        new TermRun(
            settings,
            new TermRun.Parties(context.getSelf(), terms.shards(), supply, monitor),
            new TermRun.End() {
              @Override
              public void finish(long version, boolean stopped, String path) {
                end(new RunEvent.Finished(version, stopped, path, context.getSelf()));
              }

              @Override
              public void fail(String text) {
                Trainer.this.fail(text);
              }
            },
            millis,
            standings,
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
    if (damaged.term() == terms.term()) {
      notice(damaged.text());
    }
  }

  /** What is open is said again: any message may have been lost. */
  private void onTick() {
    if (run == null) {
      terms.onTick();
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
   * First the step under way is given up, then the shards: what is on disk is the end. A checkpoint
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
    if (workers.remove(workerGone)) {
      if (!refusals.remove(workerGone) && ended == null) {
        inTerm(
            open -> {
              notice(nameOf(workerGone) + " is gone; its leases go to the others");
              open.onWorkerGone(workerGone);
            });
      }
    } else if (terms.onGone(shardGone)) {
      run = null;
      if (ended == null) {
        notice(nameOf(shardGone) + " is gone; the run goes back to the newest checkpoint");
        terms.onTick();
      }
    }
    return Behaviors.same();
  }

  private static String nameOf(ActorRef<?> actor) {
    return actor.path().name();
  }

  private void failInTerm(int term, String text) {
    if (term == terms.term()) {
      fail(text);
    }
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
