package io.urrl.augment.worker;

import io.urrl.actors.protocol.AugmentCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.TrainerCommand.DataRefused;
import io.urrl.actors.protocol.TrainerCommand.ViewsFailed;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.actors.stream.DataPlane;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.RefusedDataException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.delivery.ConsumerController;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Makes views. It pulls tasks through reliable delivery: a task that was not begun, or is being
 * made, goes to another worker when this one dies.
 *
 * <p>It serves many askers and waits for none: what one does not take is set aside and goes later,
 * or is given up after a while; the asker asks again for what it misses. It runs on a pinned
 * dispatcher, since decoding and transforming occupy a core.
 */
public final class AugmentWorker {
  /**
   * Short pauses for an asker that is behind, some tens of milliseconds, before others have a turn.
   */
  private static final int MOST_PAUSES = 200;

  /** Tasks that may be set aside; the oldest one is given up for another. */
  private static final int MOST_ASIDE = 64;

  private static final Duration RETRY = Duration.ofMillis(20);

  private record Deliver(ConsumerController.Delivery<ViewTask> delivery)
      implements AugmentCommand.Internal {}

  private enum Retry implements AugmentCommand.Internal {
    RETRY
  }

  private record Aside(Sending sending, long since) {}

  /**
   * What a worker works with.
   *
   * @param views makes the pictures
   * @param window tasks that the worker asks for at a time
   * @param patience after which what an asker does not take is given up
   * @param millis a clock in milliseconds of any origin
   */
  public record Means(
      DataPlane streams, ViewSource views, int window, Duration patience, LongSupplier millis) {}

  private final ActorContext<AugmentCommand> context;
  private final TimerScheduler<AugmentCommand> timers;
  private final Means means;
  private final SequencedSet<Aside> aside = new LinkedHashSet<>();
  private final Deque<Sending.Room> rooms = new ArrayDeque<>();
  private final long began;

  /** Spent on tasks, without the pauses for askers that were behind. */
  private long busyMillis;

  private long waitedMillis;

  private AugmentWorker(
      ActorContext<AugmentCommand> context, TimerScheduler<AugmentCommand> timers, Means means) {
    this.context = context;
    this.timers = timers;
    this.means = means;
    began = now();
  }

  /** A worker that pulls tasks through Pekko's reliable delivery. */
  public static Behavior<AugmentCommand> create(Means means) {
    return Behaviors.setup(
        context ->
            create(
                means,
                ConsumerController.create(
                    ServiceKeys.AUGMENT_WORKERS,
                    ConsumerController.Settings$.MODULE$
                        .create(context.getSystem())
                        .withFlowControlWindow(means.window()))));
  }

  /**
   * A worker that pulls tasks through a channel.
   *
   * @param channel is started as the worker's child and told where tasks go
   */
  public static Behavior<AugmentCommand> create(
      Means means, Behavior<ConsumerController.Command<ViewTask>> channel) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> start(context, timers, means, channel)));
  }

  private static Behavior<AugmentCommand> start(
      ActorContext<AugmentCommand> context,
      TimerScheduler<AugmentCommand> timers,
      Means means,
      Behavior<ConsumerController.Command<ViewTask>> channel) {
    AugmentWorker worker = new AugmentWorker(context, timers, means);
    ActorRef<ConsumerController.Command<ViewTask>> consumer = context.spawn(channel, "consumer");
    consumer.tell(
        new ConsumerController.Start<>(
            context.messageAdapter(ConsumerController.deliveryClass(), Deliver::new)));
    // Without its consumer the worker would get no task: it ends too, and is replaced.
    context.watch(consumer);
    context
        .getSystem()
        .receptionist()
        .tell(Receptionist.register(ServiceKeys.AUGMENT_LOADS, context.getSelf()));
    return Behaviors.receive(AugmentCommand.class)
        .onAnyMessage(worker::on)
        .onSignal(Terminated.class, gone -> Behaviors.stopped())
        .build();
  }

  private Behavior<AugmentCommand> on(AugmentCommand command) {
    return switch (command) {
      case AugmentCommand.TellLoad ask -> onTellLoad(ask);
      case Deliver deliver -> onDeliver(deliver);
      case Retry retry -> onRetry();
      case AugmentCommand.Internal other ->
          throw new IllegalStateException("not an event of an augment worker: " + other);
    };
  }

  private Behavior<AugmentCommand> onTellLoad(AugmentCommand.TellLoad ask) {
    ask.replyTo().tell(new RunEvent.AugmentLoad(context.getSelf(), busyMillis, now() - began));
    return Behaviors.same();
  }

  private long now() {
    return means.millis().getAsLong();
  }

  private Behavior<AugmentCommand> onDeliver(Deliver deliver) {
    ViewTask task = deliver.delivery().message();
    long begun = now() - waitedMillis;
    try {
      Sending sending = new Sending(task, means.views(), means.streams(), room(task.itemBytes()));
      boolean blocked =
          aside.stream().anyMatch(other -> other.sending().task().to().equals(task.to()));
      if (blocked || !finish(sending)) {
        setAside(sending);
      } else {
        rooms.push(sending.room());
      }
    } catch (RuntimeException | Error e) {
      // Whatever was thrown, a successor begins anew, and the task, unconfirmed, is done elsewhere.
      return fail(task, e);
    }
    busyMillis += now() - waitedMillis - begun;
    deliver.delivery().confirmTo().tell(ConsumerController.confirmed());
    return Behaviors.same();
  }

  private Behavior<AugmentCommand> fail(ViewTask task, Throwable e) {
    String text = e instanceof DataException ? e.getMessage() : "views cannot be made: " + e;
    String name = context.getSelf().path().name();
    context.getLog().warn("{} stops: {}", name, text);
    context.getLog().debug("views failed", e);
    task.reportTo()
        .tell(
            e instanceof RefusedDataException
                ? new DataRefused(name, name + ": " + text)
                : new ViewsFailed(task.id(), name, text));
    return Behaviors.stopped();
  }

  private Sending.Room room(long bytes) {
    Sending.Room free = rooms.poll();
    return free != null && free.bytes().byteSize() >= bytes ? free : Sending.Room.of(bytes);
  }

  /** Whether all of it went. */
  private boolean finish(Sending sending) {
    int pauses = 0;
    while (!sending.isOver() && pauses < MOST_PAUSES) {
      if (sending.advance()) {
        pauses = 0;
      } else {
        pauses++;
        long pausedAt = now();
        means.streams().pause();
        waitedMillis += now() - pausedAt;
      }
    }
    return sending.isOver();
  }

  private void setAside(Sending sending) {
    if (aside.size() == MOST_ASIDE) {
      giveUp(aside.removeFirst());
    }
    aside.add(new Aside(sending, now()));
    timers.startSingleTimer(Retry.RETRY, RETRY);
  }

  private void giveUp(Aside one) {
    context.getLog().info("views for {} were not taken", one.sending().task().to());
    rooms.push(one.sending().room());
  }

  private Behavior<AugmentCommand> onRetry() {
    long now = now();
    for (Iterator<Aside> all = aside.iterator(); all.hasNext(); ) {
      Aside one = all.next();
      try {
        one.sending().advance();
      } catch (RuntimeException | Error e) {
        return fail(one.sending().task(), e);
      }
      if (one.sending().isOver()) {
        rooms.push(one.sending().room());
        all.remove();
      } else if (now - one.since() > means.patience().toMillis()) {
        giveUp(one);
        all.remove();
      }
    }
    busyMillis += now() - now;
    if (!aside.isEmpty()) {
      timers.startSingleTimer(Retry.RETRY, RETRY);
    }
    return Behaviors.same();
  }
}
