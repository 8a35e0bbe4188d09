package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Views;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.SupplyCommand.Fetch;
import io.urrl.actors.protocol.TrainerCommand.ViewReport;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.delivery.WorkPullingProducerController;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewSupplyTest {
  private static final int SAMPLES_PER_TASK = 4;
  private static final Duration LONGEST_REDO = Duration.ofSeconds(20);
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final int[] ALL = IntStream.range(0, 10).toArray();

  private final TimedActor<SupplyCommand> supply =
      new TimedActor<>(
          "view-supply",
          millis -> ViewSupply.create(SAMPLES_PER_TASK, LONGEST_REDO, millis, Behaviors.empty()));
  private final TestInbox<ViewTask> next = TestInbox.create("next");
  private final TestInbox<ViewReport> reports = TestInbox.create("reports");
  private final Asker one = new Asker(1);
  private final Asker two = new Asker(2);
  private ActorRef<WorkPullingProducerController.RequestNext<ViewTask>> producer;

  /** A worker that waits for views. */
  private final class Asker {
    private final TestInbox<Object> inbox = TestInbox.create("asker");
    private final StreamAddress address;

    Asker(int number) {
      address = new StreamAddress("there", "asker", number);
    }

    void asks(int term, long step, int... places) {
      ViewTask task =
          new ViewTask(
              DataSet.unchecked("shapes"),
              ViewTask.Split.TRAIN,
              Views.PAIR,
              "urrl",
              8,
              1,
              address,
              new Fence(7, term),
              step,
              0,
              IntStream.of(places)
                  .mapToObj(place -> new ViewTask.Item(place, 0, 100 + place))
                  .toList(),
              reports.getRef());
      supply.tell(new Fetch(task, inbox.getRef()));
    }
  }

  @BeforeEach
  void start() {
    TestInbox<WorkPullingProducerController.Command<ViewTask>> channel =
        supply.child("work-pulling");
    producer =
        ((WorkPullingProducerController.Start<ViewTask>) channel.receiveMessage()).producer();
  }

  /** An augment worker asks for a task. */
  private void demand() {
    TestInbox<WorkPullingProducerController.MessageWithConfirmation<ViewTask>> unused =
        TestInbox.create("unused");
    producer.tell(new WorkPullingProducerController.RequestNext<>(next.getRef(), unused.getRef()));
    supply.passes(Duration.ZERO);
  }

  private Optional<ViewTask> handedOut() {
    List<ViewTask> all = next.getAllReceived();
    assertTrue(all.size() <= 1, "one demand, one task");
    return all.stream().findFirst();
  }

  /** What an augment worker gets that asks now: the places of the task; none when it waits. */
  private List<Integer> pull() {
    demand();
    return handedOut().map(ViewSupplyTest::places).orElse(List.of());
  }

  private static List<Integer> places(ViewTask task) {
    return task.items().stream().map(ViewTask.Item::place).toList();
  }

  @Test
  void tasksAreCutByPlaceAndHandedOutInOrder() {
    one.asks(1, 0, ALL);
    assertEquals(List.of(0, 1, 2, 3), pull());
    assertEquals(List.of(4, 5, 6, 7), pull());
    assertEquals(List.of(8, 9), pull());
    assertEquals(List.of(), pull());
    one.asks(1, 1, 2, 5);
    assertEquals(List.of(2), handedOut().map(ViewSupplyTest::places).orElseThrow());
    assertEquals(List.of(5), pull());
  }

  @Test
  void whatWaitsIsNotQueuedTwice() {
    one.asks(1, 0, ALL);
    one.asks(1, 0, ALL);
    one.asks(1, 0, 5, 6);
    assertEquals(List.of(0, 1, 2, 3), pull());
    assertEquals(List.of(5, 6), pull(), "only what is still missing");
    assertEquals(List.of(8, 9), pull());
    assertEquals(List.of(), pull());
  }

  @Test
  void whatWasHandedOutIsMadeAgainAfterAWhileThatDoubles() {
    one.asks(1, 0, 0);
    assertEquals(List.of(0), pull());
    for (int seconds : List.of(3, 6, 12, 20, 20)) {
      supply.passes(Duration.ofSeconds(seconds).minus(MOMENT));
      one.asks(1, 0, 0);
      assertEquals(List.of(), pull(), () -> "before " + seconds + " s");
      supply.passes(MOMENT);
      one.asks(1, 0, 0);
      assertEquals(List.of(0), handedOut().map(ViewSupplyTest::places).orElseThrow());
    }
  }

  @Test
  void whatNobodyAskedForAnyMoreIsForgotten() {
    one.asks(1, 0, 0);
    assertEquals(List.of(0), pull());
    supply.passes(ViewSupply.FIRST_REDO);
    one.asks(1, 0, 0);
    assertEquals(List.of(0), pull());
    supply.passes(LONGEST_REDO.multipliedBy(2).plus(MOMENT));
    one.asks(1, 0, 0);
    assertEquals(List.of(0), pull());
    supply.passes(ViewSupply.FIRST_REDO);
    one.asks(1, 0, 0);
    assertEquals(List.of(0), pull(), "it counts from the beginning");
  }

  @Test
  void stepsTermsAndAskersAreKeptApart() {
    one.asks(1, 0, 0);
    one.asks(1, 1, 0);
    one.asks(2, 0, 0);
    two.asks(1, 0, 0);
    for (int i = 0; i < 4; i++) {
      assertEquals(List.of(0), pull());
    }
    assertEquals(List.of(), pull());
  }

  @Test
  void whatAnAskerThatIsGoneWaitedForIsDropped() {
    one.asks(1, 0, ALL);
    two.asks(1, 0, 3);
    one.asks(1, 1, ALL);
    assertTrue(supply.watches(one.inbox.getRef()));
    supply.terminated(one.inbox.getRef());
    demand();
    assertEquals(two.address, handedOut().orElseThrow().to());
    assertEquals(List.of(), pull());
  }

  @Test
  void anAskerIsWatchedOnceAndAnewAfterItsEnd() {
    one.asks(1, 0, 0);
    supply.terminated(one.inbox.getRef());
    assertFalse(supply.watches(one.inbox.getRef()));
    one.asks(1, 0, 0);
    assertTrue(supply.watches(one.inbox.getRef()));
    assertEquals(List.of(0), pull());
  }
}
