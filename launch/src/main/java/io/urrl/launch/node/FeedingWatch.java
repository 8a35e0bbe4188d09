package io.urrl.launch.node;

import io.urrl.actors.protocol.AugmentCommand;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunEvent.AugmentLoad;
import io.urrl.actors.protocol.RunEvent.AugmentWorkers;
import io.urrl.actors.protocol.RunEvent.StepClosed;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.launch.run.Feeding;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Knows the augment workers of the cluster and asks them, while steps go by, how busy they are. For
 * the recorder's thread.
 */
final class FeedingWatch {
  /** Between two questions; an answer that is lost costs one. */
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final ActorContext<RunEvent> context;
  private final Feeding feeding = new Feeding();
  private Set<ActorRef<AugmentCommand>> workers = Set.of();
  private long askedAt;

  FeedingWatch(ActorContext<RunEvent> context, long now) {
    this.context = context;
    askedAt = now - PAUSE_NANOS;
    ActorRef<Receptionist.Listing> listings =
        context.messageAdapter(
            Receptionist.Listing.class,
            listing -> new AugmentWorkers(listing.getServiceInstances(ServiceKeys.AUGMENT_LOADS)));
    context
        .getSystem()
        .receptionist()
        .tell(Receptionist.subscribe(ServiceKeys.AUGMENT_LOADS, listings));
  }

  void on(AugmentWorkers now) {
    workers = now.workers();
    feeding.workers(workers);
  }

  void on(AugmentLoad load, long now) {
    feeding.load(now, load.worker(), load.busyMillis(), load.millis());
  }

  /** The run begins, or goes on in another term. */
  void restart() {
    feeding.restart();
  }

  /** A step is over; says what people should know. */
  Optional<String> step(StepClosed closed, long now) {
    if (now - askedAt >= PAUSE_NANOS) {
      askedAt = now;
      workers.forEach(worker -> worker.tell(new AugmentCommand.TellLoad(context.getSelf())));
    }
    double starved = 0;
    double all = 0;
    for (Result part : closed.audit()) {
      Result.Waits waits = part.waits();
      starved += waits.views();
      all += waits.views() + waits.parameters() + waits.compute() + waits.send();
    }
    return feeding.step(now, starved, all);
  }

  Feeding.Report report() {
    return feeding.report();
  }
}
