package io.urrl.launch.protocol;

import io.urrl.actors.protocol.ViewTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.delivery.ConsumerController;
import org.apache.pekko.actor.typed.delivery.WorkPullingProducerController;

/**
 * What Pekko's work pulling promises, in virtual time: a task goes to one worker at a time, and to
 * another when that one dies before it confirmed.
 */
final class WorkPulling {
  private static final int WINDOW = 2;

  private static final class Consumer {
    private final ActorRef<ConsumerController.Delivery<ViewTask>> to;
    private final TestInbox<ConsumerController.Confirmed> confirmed = TestInbox.create("confirmed");
    private final Deque<ViewTask> inHand = new ArrayDeque<>();

    Consumer(ActorRef<ConsumerController.Delivery<ViewTask>> to) {
      this.to = to;
    }
  }

  private final VirtualTime time;
  private final SplittableRandom random;
  private final TestInbox<ViewTask> next = TestInbox.create("next");
  private final Map<SimulatedActor<?>, Consumer> consumers = new LinkedHashMap<>();
  private final Deque<ViewTask> again = new ArrayDeque<>();
  private SimulatedActor<?> supply;
  private ActorRef<WorkPullingProducerController.RequestNext<ViewTask>> producer;
  private boolean asked;

  WorkPulling(VirtualTime time, SplittableRandom random) {
    this.time = time;
    this.random = random;
  }

  void supplyStarted(SimulatedActor<?> started) {
    TestInbox<WorkPullingProducerController.Command<ViewTask>> controller =
        started.child("work-pulling");
    supply = started;
    producer =
        ((WorkPullingProducerController.Start<ViewTask>) controller.receiveMessage()).producer();
    asked = false;
    again.clear();
    next.getAllReceived();
  }

  void workerStarted(SimulatedActor<?> started) {
    TestInbox<ConsumerController.Command<ViewTask>> controller = started.child("consumer");
    consumers.put(
        started,
        new Consumer(
            ((ConsumerController.Start<ViewTask>) controller.receiveMessage()).deliverTo()));
  }

  void workerGone(SimulatedActor<?> gone) {
    Consumer consumer = consumers.remove(gone);
    if (consumer != null) {
      again.addAll(consumer.inHand);
    }
  }

  /** Carries on what was said since. */
  void collect() {
    for (Consumer consumer : consumers.values()) {
      consumer.confirmed.getAllReceived().forEach(confirmed -> consumer.inHand.poll());
    }
    for (ViewTask task : next.getAllReceived()) {
      asked = false;
      again.add(task);
    }
    handOut();
    if (!asked && again.isEmpty() && supply != null && supply.isAlive() && free().isPresent()) {
      asked = true;
      TestInbox<WorkPullingProducerController.MessageWithConfirmation<ViewTask>> unused =
          TestInbox.create("unused");
      producer.tell(
          new WorkPullingProducerController.RequestNext<>(next.getRef(), unused.getRef()));
    }
  }

  private void handOut() {
    for (Optional<Consumer> worker = free();
        worker.isPresent() && !again.isEmpty();
        worker = free()) {
      Consumer consumer = worker.get();
      ViewTask task = again.poll();
      consumer.inHand.add(task);
      time.in(
          random.nextLong(1, 5_000_000),
          () ->
              consumer.to.tell(
                  new ConsumerController.Delivery<>(
                      task, consumer.confirmed.getRef(), "supply", 1)));
    }
  }

  private Optional<Consumer> free() {
    List<Consumer> free = new ArrayList<>(consumers.values());
    free.removeIf(consumer -> consumer.inHand.size() >= WINDOW);
    return free.isEmpty() ? Optional.empty() : Optional.of(free.get(random.nextInt(free.size())));
  }
}
