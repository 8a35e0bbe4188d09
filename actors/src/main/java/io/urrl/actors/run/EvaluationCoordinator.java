package io.urrl.actors.run;

import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationCommand.Evaluate;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationCommand.Report;
import io.urrl.actors.protocol.EvaluationJob;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Hands evaluation jobs to evaluation workers, one at a time each; the job of a worker that is gone
 * is the next one to be handed out, but not for ever: one that took several workers with it is said
 * to have failed.
 *
 * <p>Clients say what they want until they have its outcome, so that a coordinator that was started
 * anew knows it soon; the coordinator says what a worker is to do until that has answered.
 */
public final class EvaluationCoordinator {
  private static final Duration TICK = Duration.ofSeconds(2);

  /** Workers that may die of one job. */
  private static final int MOST_DEATHS = 3;

  /** Outcomes that are kept for clients who did not hear them. */
  private static final int MOST_ENDED = 256;

  /** Stops, for a successor on another node; whoever waits for an evaluation asks again. */
  public record HandOver() implements EvaluationCommand.Internal {}

  private record WorkersFound(Set<ActorRef<EvaluationCommand>> workers)
      implements EvaluationCommand.Internal {}

  private record Heard(Report report) implements EvaluationCommand.Internal {}

  private enum Tick implements EvaluationCommand.Internal {
    TICK
  }

  private static final class Order {
    private Evaluate wanted;
    private ActorRef<EvaluationCommand> worker;
    private int deaths;

    Order(Evaluate wanted) {
      this.wanted = wanted;
    }
  }

  private final ActorContext<EvaluationCommand> context;
  private final ActorRef<Report> reports;
  private final Set<ActorRef<EvaluationCommand>> workers = new HashSet<>();

  /** Open jobs in the order in which they came. */
  private final Map<Long, Order> orders = new LinkedHashMap<>();

  private final Map<Long, Outcome> ended = new LinkedHashMap<>();

  private EvaluationCoordinator(ActorContext<EvaluationCommand> context) {
    this.context = context;
    reports = context.messageAdapter(Report.class, Heard::new);
  }

  /** A coordinator without jobs. */
  public static Behavior<EvaluationCommand> create() {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> start(context, timers)));
  }

  private static Behavior<EvaluationCommand> start(
      ActorContext<EvaluationCommand> context, TimerScheduler<EvaluationCommand> timers) {
    EvaluationCoordinator coordinator = new EvaluationCoordinator(context);
    timers.startTimerWithFixedDelay(Tick.TICK, TICK);
    context
        .getSystem()
        .receptionist()
        .tell(
            Receptionist.subscribe(
                ServiceKeys.EVALUATION_WORKERS,
                context.messageAdapter(
                    Receptionist.Listing.class,
                    listing ->
                        new WorkersFound(
                            listing.getServiceInstances(ServiceKeys.EVALUATION_WORKERS)))));
    return Behaviors.receive(EvaluationCommand.class)
        .onAnyMessage(coordinator::on)
        .onSignal(Terminated.class, coordinator::onTerminated)
        .build();
  }

  private Behavior<EvaluationCommand> on(EvaluationCommand command) {
    switch (command) {
      case Evaluate evaluate -> onEvaluate(evaluate);
      case WorkersFound found -> onWorkersFound(found.workers());
      case Heard heard -> onReport(heard.report());
      case Tick tick -> sayAgain();
      case HandOver end -> {
        return Behaviors.stopped();
      }
      case EvaluationCommand.Internal internal ->
          throw new IllegalStateException("not an event of the coordinator: " + internal);
    }
    handOut();
    return Behaviors.same();
  }

  private void onEvaluate(Evaluate evaluate) {
    long id = evaluate.job().id();
    Outcome known = ended.get(id);
    if (known != null) {
      evaluate.replyTo().tell(known);
    } else {
      orders.computeIfAbsent(id, fresh -> new Order(evaluate)).wanted = evaluate;
    }
  }

  private void onWorkersFound(Set<ActorRef<EvaluationCommand>> found) {
    for (ActorRef<EvaluationCommand> worker : found) {
      if (workers.add(worker)) {
        context.watch(worker);
      }
    }
  }

  private void onReport(Report report) {
    Order order = orders.get(report.job());
    if (order != null) {
      order.wanted.replyTo().tell(report);
      if (report instanceof Outcome outcome) {
        end(outcome);
      }
    }
  }

  private void end(Outcome outcome) {
    orders.remove(outcome.job());
    ended.put(outcome.job(), outcome);
    if (ended.size() > MOST_ENDED) {
      ended.remove(ended.keySet().iterator().next());
    }
  }

  private void handOut() {
    for (Order order : orders.values()) {
      Optional<ActorRef<EvaluationCommand>> idle = order.worker == null ? idle() : Optional.empty();
      if (idle.isPresent()) {
        order.worker = idle.get();
        tellWorker(order);
      }
    }
  }

  private Optional<ActorRef<EvaluationCommand>> idle() {
    List<ActorRef<EvaluationCommand>> busy =
        orders.values().stream().map(order -> order.worker).toList();
    return workers.stream().filter(worker -> !busy.contains(worker)).findFirst();
  }

  private void tellWorker(Order order) {
    order.worker.tell(new Evaluate(order.wanted.job(), order.wanted.supply(), reports));
  }

  private void sayAgain() {
    orders.values().stream().filter(order -> order.worker != null).forEach(this::tellWorker);
  }

  private Behavior<EvaluationCommand> onTerminated(Terminated terminated) {
    ActorRef<EvaluationCommand> gone = terminated.getRef().unsafeUpcast();
    workers.remove(gone);
    for (Order order : List.copyOf(orders.values())) {
      if (gone.equals(order.worker)) {
        order.worker = null;
        order.deaths++;
        if (order.deaths == MOST_DEATHS) {
          giveUp(order);
        }
      }
    }
    handOut();
    return Behaviors.same();
  }

  private void giveUp(Order order) {
    EvaluationJob job = order.wanted.job();
    Outcome failed =
        new Outcome.Failed(
            job.id(),
            job.title(),
            "its worker died "
                + MOST_DEATHS
                + " times; see the log of its node, which may lack memory");
    order.wanted.replyTo().tell(failed);
    end(failed);
  }
}
