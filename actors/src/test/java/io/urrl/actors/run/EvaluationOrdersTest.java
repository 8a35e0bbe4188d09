package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationCommand.Evaluate;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationCommand.Report;
import io.urrl.actors.protocol.EvaluationJob;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.SupplyCommand;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** What a coordinator says again, and what it hears twice. */
class EvaluationOrdersTest {
  private static final Duration TICK = Duration.ofSeconds(2);

  private final TestInbox<SupplyCommand> supply = TestInbox.create("supply");
  private final TestInbox<Report> client = TestInbox.create("client");
  private final Set<ActorRef<EvaluationCommand>> workers = new HashSet<>();
  private TimedActor<EvaluationCommand> coordinator = coordinator();

  private static TimedActor<EvaluationCommand> coordinator() {
    return new TimedActor<>("coordinator", millis -> EvaluationCoordinator.create());
  }

  private TestInbox<EvaluationCommand> worker() {
    TestInbox<EvaluationCommand> worker = TestInbox.create("worker");
    workers.add(worker.getRef());
    coordinator.lists(ServiceKeys.EVALUATION_WORKERS, workers);
    return worker;
  }

  private void die(TestInbox<EvaluationCommand> worker) {
    workers.remove(worker.getRef());
    coordinator.terminated(worker.getRef());
  }

  private void order(long id) {
    order(id, client);
  }

  private void order(long id, TestInbox<Report> replyTo) {
    EvaluationJob job =
        new EvaluationJob(
            id,
            "job " + id,
            new EvaluationJob.FeatureSource.Pixels(),
            new EvaluationJob.EvaluationData(DataSet.unchecked("shapes"), 32, 10, 5, 2),
            new RunBrief.EncoderBrief("resnet18", 8, "cifar", 0, 16),
            new EvaluationJob.Protocol.NearestNeighbours(5, 0.1),
            1);
    coordinator.tell(new Evaluate(job, supply.getRef(), replyTo.getRef()));
  }

  private static List<Long> jobs(TestInbox<EvaluationCommand> worker) {
    return TimedActor.allOf(worker, Evaluate.class).stream().map(each -> each.job().id()).toList();
  }

  private static Outcome outcome(long id) {
    return new Outcome.Failed(id, "job " + id, "for a test");
  }

  /** A worker answers what it was told last. */
  private void answer(TestInbox<EvaluationCommand> worker) {
    Evaluate last = TimedActor.allOf(worker, Evaluate.class).getLast();
    last.replyTo().tell(outcome(last.job().id()));
    coordinator.passes(Duration.ZERO);
  }

  @Test
  void aJobThatIsOrderedAgainIsHandedOutOnce() {
    TestInbox<EvaluationCommand> one = worker();
    TestInbox<EvaluationCommand> two = worker();
    order(1);
    order(1);
    assertEquals(1, jobs(one).size() + jobs(two).size());
  }

  @Test
  void aWorkerIsToldAgainUntilItHasAnswered() {
    TestInbox<EvaluationCommand> worker = worker();
    order(1);
    assertEquals(List.of(1L), jobs(worker));
    coordinator.passes(TICK);
    answer(worker);
    assertEquals(List.of(outcome(1)), client.getAllReceived());
    coordinator.passes(TICK);
    assertEquals(List.of(), jobs(worker));
  }

  @Test
  void anOutcomeThatGotLostIsSaidAgain() {
    TestInbox<EvaluationCommand> worker = worker();
    order(1);
    answer(worker);
    client.getAllReceived();
    order(1);
    assertEquals(List.of(outcome(1)), client.getAllReceived());
    assertEquals(List.of(), jobs(worker));
  }

  @Test
  void whoOrdersAgainUnderAnotherNameHearsTheOutcome() {
    TestInbox<EvaluationCommand> worker = worker();
    TestInbox<Report> successor = TestInbox.create("successor");
    order(1);
    order(1, successor);
    answer(worker);
    assertEquals(List.of(outcome(1)), successor.getAllReceived());
    assertEquals(List.of(), client.getAllReceived());
  }

  @Test
  void aCoordinatorThatIsStartedAnewKnowsWhatClientsSayAgain() {
    order(1);
    coordinator = coordinator();
    TestInbox<EvaluationCommand> worker = worker();
    assertEquals(List.of(), jobs(worker));
    order(1);
    answer(worker);
    assertEquals(List.of(outcome(1)), client.getAllReceived());
  }

  @Test
  void aJobThatTakesItsWorkersWithItFails() {
    order(1);
    for (int death = 1; death <= 3; death++) {
      TestInbox<EvaluationCommand> worker = worker();
      assertEquals(List.of(1L), jobs(worker));
      assertEquals(List.of(), client.getAllReceived());
      die(worker);
    }
    Outcome.Failed failed = (Outcome.Failed) client.receiveMessage();
    assertTrue(failed.text().startsWith("its worker died 3 times"), failed.text());
    assertEquals(List.of(), jobs(worker()));
    order(1);
    assertEquals(List.of(failed), client.getAllReceived());
  }
}
