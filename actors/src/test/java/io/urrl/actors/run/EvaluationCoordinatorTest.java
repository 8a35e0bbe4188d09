package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationCommand.Evaluate;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationCommand.Progress;
import io.urrl.actors.protocol.EvaluationCommand.Report;
import io.urrl.actors.protocol.EvaluationJob;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.SupplyCommand;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The coordinator with workers that are probes. */
class EvaluationCoordinatorTest {
  private final ActorTestKit kit = ActorTestKit.create();
  private final TestProbe<SupplyCommand> supply = kit.createTestProbe("supply");
  private final TestProbe<Report> client = kit.createTestProbe("client");
  private ActorRef<EvaluationCommand> coordinator;

  @BeforeEach
  void start() {
    coordinator = kit.spawn(EvaluationCoordinator.create(), "coordinator");
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private TestProbe<EvaluationCommand> worker() {
    TestProbe<EvaluationCommand> worker = kit.createTestProbe("worker");
    kit.system()
        .receptionist()
        .tell(Receptionist.register(ServiceKeys.EVALUATION_WORKERS, worker.ref()));
    return worker;
  }

  private void order(long id) {
    EvaluationJob job =
        new EvaluationJob(
            id,
            "job " + id,
            new EvaluationJob.FeatureSource.Pixels(),
            new EvaluationJob.EvaluationData(DataSet.unchecked("shapes"), 32, 10, 5, 2),
            new RunBrief.EncoderBrief("resnet18", 8, "cifar", 0, 16),
            new EvaluationJob.Protocol.NearestNeighbours(5, 0.1),
            1);
    coordinator.tell(new Evaluate(job, supply.ref(), client.ref()));
  }

  private static Evaluate taken(TestProbe<EvaluationCommand> worker) {
    return worker.expectMessageClass(Evaluate.class);
  }

  private static Outcome outcome(long id) {
    return new Outcome.Failed(id, "job " + id, "for a test");
  }

  @Test
  void aWorkerGetsOneJobAtATimeAndTheClientHearsAll() {
    TestProbe<EvaluationCommand> worker = worker();
    order(1);
    order(2);
    Evaluate first = taken(worker);
    assertEquals(1, first.job().id());
    Progress progress = new Progress(1, "job 1", "pictures", 5, 15);
    first.replyTo().tell(progress);
    assertEquals(progress, client.receiveMessage());
    first.replyTo().tell(outcome(1));
    assertEquals(outcome(1), client.receiveMessage());
    assertEquals(2, taken(worker).job().id());
  }

  @Test
  void theJobOfAWorkerThatIsGoneGoesToAnother() {
    TestProbe<EvaluationCommand> worker = worker();
    order(1);
    taken(worker);
    worker.stop();
    TestProbe<EvaluationCommand> successor = worker();
    Evaluate again = taken(successor);
    assertEquals(1, again.job().id());
    again.replyTo().tell(outcome(1));
    assertEquals(outcome(1), client.receiveMessage());
  }

  @Test
  void aSecondOutcomeOfAJobIsNotPassedOn() {
    TestProbe<EvaluationCommand> worker = worker();
    order(1);
    Evaluate first = taken(worker);
    first.replyTo().tell(outcome(1));
    first.replyTo().tell(outcome(1));
    client.receiveMessage();
    order(2);
    taken(worker).replyTo().tell(outcome(2));
    assertEquals(outcome(2), client.receiveMessage());
  }
}
