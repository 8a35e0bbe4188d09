package io.urrl.actors.run;

import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.SupplyCommand.Fetch;
import io.urrl.actors.protocol.ViewTask;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.delivery.WorkPullingProducerController;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Hands view tasks to whichever augment worker asks for one.
 *
 * <p>Askers bound what waits here: each holds a limited number of leases and fetches the views of a
 * lease once, or again after a deadline. A task that an augment worker took and did not confirm
 * goes to another when that worker is gone.
 */
public final class ViewSupply {

  private record Demand(WorkPullingProducerController.RequestNext<ViewTask> next)
      implements SupplyCommand.Internal {}

  private final Queue<ViewTask> waiting = new ArrayDeque<>();
  private final int samplesPerTask;
  private WorkPullingProducerController.RequestNext<ViewTask> demand;

  private ViewSupply(int samplesPerTask) {
    this.samplesPerTask = samplesPerTask;
  }

  /**
   * @param samplesPerTask samples that an augment worker takes at a time: small enough to spread a
   *     micro-batch over all workers, large enough that messages do not matter
   */
  public static Behavior<SupplyCommand> create(int samplesPerTask) {
    return Behaviors.setup(
        context -> {
          producer(context);
          ViewSupply supply = new ViewSupply(samplesPerTask);
          return Behaviors.receive(SupplyCommand.class).onAnyMessage(supply::on).build();
        });
  }

  private static void producer(ActorContext<SupplyCommand> context) {
    ActorRef<WorkPullingProducerController.Command<ViewTask>> controller =
        context.spawn(
            WorkPullingProducerController.create(
                ViewTask.class,
                "view-supply-" + context.getSelf().path().uid(),
                ServiceKeys.AUGMENT_WORKERS,
                Optional.empty()),
            "work-pulling");
    controller.tell(
        new WorkPullingProducerController.Start<>(
            context.messageAdapter(WorkPullingProducerController.requestNextClass(), Demand::new)));
  }

  private Behavior<SupplyCommand> on(SupplyCommand command) {
    switch (command) {
      case Fetch fetch -> onFetch(fetch.task());
      case SupplyCommand.Internal internal -> demand = ((Demand) internal).next();
    }
    handOut();
    return Behaviors.same();
  }

  private void onFetch(ViewTask task) {
    for (int first = 0; first < task.items().size(); first += samplesPerTask) {
      waiting.add(task.part(first, samplesPerTask));
    }
  }

  private void handOut() {
    if (demand != null && !waiting.isEmpty()) {
      demand.sendNextTo().tell(waiting.remove());
      demand = null;
    }
  }
}
