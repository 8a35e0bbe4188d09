package io.urrl.actors.run;

import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationCommand.Evaluate;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationCommand.Report;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Hands evaluation jobs to evaluation workers, one at a time each; the job of a worker that is gone
 * is the next one to be handed out.
 */
public final class EvaluationCoordinator {

  private record WorkersFound(Set<ActorRef<EvaluationCommand>> workers)
      implements EvaluationCommand.Internal {}

  private record Heard(Report report) implements EvaluationCommand.Internal {}

  private final ActorContext<EvaluationCommand> context;
  private final ActorRef<Report> reports;
  private final Set<ActorRef<EvaluationCommand>> known = new HashSet<>();
  private final Deque<ActorRef<EvaluationCommand>> idle = new ArrayDeque<>();
  private final Map<ActorRef<EvaluationCommand>, Evaluate> busy = new HashMap<>();
  private final Deque<Evaluate> waiting = new ArrayDeque<>();

  private EvaluationCoordinator(ActorContext<EvaluationCommand> context) {
    this.context = context;
    reports = context.messageAdapter(Report.class, Heard::new);
  }

  /** A coordinator without jobs. */
  public static Behavior<EvaluationCommand> create() {
    return Behaviors.setup(
        context -> {
          EvaluationCoordinator coordinator = new EvaluationCoordinator(context);
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
        });
  }

  private Behavior<EvaluationCommand> on(EvaluationCommand command) {
    switch (command) {
      case Evaluate evaluate -> waiting.addLast(evaluate);
      case WorkersFound found -> onWorkersFound(found.workers());
      case Heard heard -> onReport(heard.report());
      case EvaluationCommand.Internal internal ->
          throw new IllegalStateException("not an event of the coordinator: " + internal);
    }
    handOut();
    return Behaviors.same();
  }

  private void onWorkersFound(Set<ActorRef<EvaluationCommand>> workers) {
    for (ActorRef<EvaluationCommand> worker : workers) {
      if (known.add(worker)) {
        context.watch(worker);
        idle.add(worker);
      }
    }
  }

  private void onReport(Report report) {
    busy.entrySet().stream()
        .filter(entry -> entry.getValue().job().id() == report.job())
        .findFirst()
        .ifPresent(
            entry -> {
              entry.getValue().replyTo().tell(report);
              if (report instanceof Outcome) {
                idle.add(entry.getKey());
                busy.remove(entry.getKey());
              }
            });
  }

  private void handOut() {
    while (!idle.isEmpty() && !waiting.isEmpty()) {
      ActorRef<EvaluationCommand> worker = idle.remove();
      Evaluate evaluate = waiting.remove();
      busy.put(worker, evaluate);
      worker.tell(new Evaluate(evaluate.job(), evaluate.supply(), reports));
    }
  }

  private Behavior<EvaluationCommand> onTerminated(Terminated terminated) {
    ActorRef<EvaluationCommand> gone = terminated.getRef().unsafeUpcast();
    known.remove(gone);
    idle.remove(gone);
    busy.entrySet()
        .removeIf(
            entry -> {
              boolean lost = gone.equals(entry.getKey());
              if (lost) {
                waiting.addFirst(entry.getValue());
              }
              return lost;
            });
    handOut();
    return Behaviors.same();
  }
}
