package io.urrl.gpu.worker;

import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.GpuWorkerCommand.Enlist;
import io.urrl.actors.protocol.GpuWorkerCommand.Hold;
import io.urrl.actors.protocol.GpuWorkerCommand.Subscribed;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.gpu.pretext.PretextEngine;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Computes micro-batches on one device. Between terms it waits to be enlisted; what it does within
 * one is {@link TermWork}'s.
 *
 * <p>It runs on a pinned dispatcher: a forward and backward pass occupies its thread for as long as
 * it takes. Views and versions keep arriving meanwhile on the node's receive thread, and messages
 * wait for no peer: what the shards do not take now is sent later.
 */
public final class GpuWorker {
  private static final Duration TICK = Duration.ofSeconds(1);

  /**
   * How a worker works.
   *
   * @param prefetch leases held at a time
   */
  public record Settings(int prefetch) {}

  /**
   * What a worker works with.
   *
   * @param executor reads the replica's state while a gradient is sent
   * @param nanos a clock in nanoseconds of any origin
   */
  public record Means(
      Settings settings,
      DataPlane streams,
      PretextEngine engine,
      Executor executor,
      LongSupplier nanos) {}

  private record ViewsComplete(ViewSlot slot) implements GpuWorkerCommand.Internal {}

  private record SlotFree(int term, ViewSlot slot) implements GpuWorkerCommand.Internal {}

  private record VersionComplete(StagedVersion staged) implements GpuWorkerCommand.Internal {}

  private enum Tick implements GpuWorkerCommand.Internal {
    TICK
  }

  private enum Continue implements GpuWorkerCommand.Internal {
    CONTINUE
  }

  private final ActorContext<GpuWorkerCommand> context;
  private final TermWork.Desk desk;

  /** The term that the worker is in; null before the first one and after a refusal. */
  private TermWork work;

  private boolean continuing;

  private GpuWorker(ActorContext<GpuWorkerCommand> context, Means means) {
    this.context = context;
    ActorRef<GpuWorkerCommand> self = context.getSelf();
    Inbox inbox =
        new Inbox(
            means.streams().counters(),
            slot -> self.tell(new ViewsComplete(slot)),
            staged -> self.tell(new VersionComplete(staged)));
    desk =
        new TermWork.Desk(
            self,
            means,
            new Replica(means.engine()),
            inbox,
            means.streams().receive(inbox),
            (term, slot) -> self.tell(new SlotFree(term, slot)));
  }

  /** A worker on one device of this node. */
  public static Behavior<GpuWorkerCommand> create(Means means) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> start(context, timers, means)));
  }

  private static Behavior<GpuWorkerCommand> start(
      ActorContext<GpuWorkerCommand> context,
      TimerScheduler<GpuWorkerCommand> timers,
      Means means) {
    GpuWorker worker = new GpuWorker(context, means);
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
      case Subscribed subscribed -> {
        if (isIn(subscribed.term())) {
          work.onSubscribed(subscribed);
        }
      }
      case Hold hold -> {
        if (isIn(hold.term())) {
          work.onHold(hold);
        }
      }
      case GpuWorkerCommand.Internal internal -> onInternal(internal);
    }
    if (work != null && !continuing && work.goOn()) {
      // Behind what waits here meanwhile.
      continuing = true;
      context.getSelf().tell(Continue.CONTINUE);
    }
    // A replica that drifted is not used again: the node puts another worker in its place.
    return work != null && work.hasDrifted() ? Behaviors.stopped() : Behaviors.same();
  }

  private boolean isIn(int term) {
    return work != null && work.term() == term;
  }

  private void onInternal(GpuWorkerCommand.Internal event) {
    if (event instanceof Continue) {
      continuing = false;
    } else if (work != null) {
      switch (event) {
        case ViewsComplete views -> work.onViewsComplete(views.slot());
        case SlotFree free -> {
          if (isIn(free.term())) {
            work.onSlotFree(free.slot());
          }
        }
        case VersionComplete version -> {
          if (isIn(version.staged().fence().term())) {
            work.onVersionComplete(version.staged());
          }
        }
        case Tick tick -> work.onTick();
        default -> throw new IllegalStateException("not an event of a GPU worker: " + event);
      }
    }
  }

  private void onEnlist(Enlist enlist) {
    if (isIn(enlist.term())) {
      work.onEnlist();
    } else if (work == null || enlist.term() > work.term()) {
      leaveTerm();
      if (desk.replica().computesAs(enlist.brief())) {
        work = new TermWork(enlist, desk);
      } else {
        refuse(enlist);
      }
    }
  }

  private void refuse(Enlist enlist) {
    enlist
        .trainer()
        .tell(
            new TrainerCommand.Refused(
                context.getSelf(),
                enlist.term(),
                "%s (%s) computes other bits than the run's and takes no part; set workers.tensor-isa and workers.tensor-threads alike on all machines, or train.exact=relaxed"
                    .formatted(context.getSelf().path().name(), desk.replica().device())));
  }

  private void leaveTerm() {
    if (work != null) {
      work.close();
      work = null;
    }
  }

  private Behavior<GpuWorkerCommand> onPostStop() {
    StreamAddress address = desk.address();
    desk.means().streams().stop(address);
    leaveTerm();
    desk.replica().close();
    return Behaviors.same();
  }
}
