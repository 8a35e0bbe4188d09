package io.urrl.launch.node;

import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationCommand.Evaluate;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationCommand.Progress;
import io.urrl.actors.protocol.EvaluationCommand.Report;
import io.urrl.launch.run.EvaluationView;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Wants one evaluation until it has its outcome: whatever forgets it, a coordinator that is started
 * anew or a message that is lost, hears of it again.
 */
final class EvaluationClient {
  private static final Duration AGAIN = Duration.ofSeconds(2);

  /** What a client hears. */
  sealed interface Event {}

  private record Heard(Report report) implements Event {}

  private enum Again implements Event {
    AGAIN
  }

  /**
   * @param order the job, for whoever is to hear of it
   * @param view hears how far it is
   * @param result is completed with its outcome
   */
  static Behavior<Event> create(
      ActorRef<EvaluationCommand> coordinator,
      Function<ActorRef<Report>, Evaluate> order,
      EvaluationView view,
      CompletableFuture<Outcome> result) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  Evaluate evaluate = order.apply(context.messageAdapter(Report.class, Heard::new));
                  coordinator.tell(evaluate);
                  timers.startTimerWithFixedDelay(Again.AGAIN, AGAIN);
                  return Behaviors.receive(Event.class)
                      .onMessage(Heard.class, heard -> on(heard.report(), view, result))
                      .onMessage(
                          Again.class,
                          again -> {
                            coordinator.tell(evaluate);
                            return Behaviors.same();
                          })
                      .build();
                }));
  }

  private static Behavior<Event> on(
      Report report, EvaluationView view, CompletableFuture<Outcome> result) {
    return switch (report) {
      case Progress progress -> {
        view.progress(progress);
        yield Behaviors.same();
      }
      case Outcome outcome -> {
        view.ended();
        result.complete(outcome);
        yield Behaviors.stopped();
      }
    };
  }

  private EvaluationClient() {}
}
