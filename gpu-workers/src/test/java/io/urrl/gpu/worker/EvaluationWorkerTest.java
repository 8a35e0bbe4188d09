package io.urrl.gpu.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Views;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationCommand.Evaluate;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationCommand.Report;
import io.urrl.actors.protocol.EvaluationJob;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.SupplyCommand.Fetch;
import io.urrl.actors.protocol.TrainerCommand.ViewsFailed;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.protocol.ViewTask.Split;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.HandPlane;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.gpu.nn.TensorRuntime;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** Evaluations of the pixels themselves: two classes, dark and bright. */
class EvaluationWorkerTest {
  private static final int IMAGE = 2;
  private static final int BLOCK = 250;
  private static final int TRAIN = 3 * BLOCK + 10;
  private static final int TEST = 6;

  private final HandPlane plane = new HandPlane("worker");
  private final TestInbox<SupplyCommand> supply = TestInbox.create("supply");
  private final TestInbox<Report> client = TestInbox.create("client");
  private final BehaviorTestKit<EvaluationCommand> worker =
      BehaviorTestKit.create(
          EvaluationWorker.create(plane, TensorRuntime.open(1)), "evaluation-worker-1");
  private final Effect.TimerScheduled<?> tick =
      (Effect.TimerScheduled<?>)
          worker.getAllEffects().stream()
              .filter(Effect.TimerScheduled.class::isInstance)
              .findFirst()
              .orElseThrow();

  private static EvaluationJob job(long id, FeatureSource features) {
    return new EvaluationJob(
        id,
        "job " + id,
        features,
        new EvaluationJob.EvaluationData(DataSet.unchecked("toy"), IMAGE, TRAIN, TEST, 2),
        new RunBrief.EncoderBrief("resnet18", 8, "cifar", 0, 16),
        new EvaluationJob.Protocol.NearestNeighbours(5, 0.1),
        1);
  }

  /** What waits in its mailbox may be adapted only when it is taken from there. */
  private static <T> void drain(BehaviorTestKit<T> kit) {
    for (List<T> all = kit.selfInbox().getAllReceived();
        !all.isEmpty();
        all = kit.selfInbox().getAllReceived()) {
      for (T message : all) {
        kit.run(message);
      }
    }
  }

  private void order(long id, TestInbox<Report> replyTo) {
    order(job(id, new FeatureSource.Pixels()), replyTo);
  }

  private void order(EvaluationJob job, TestInbox<Report> replyTo) {
    worker.run(new Evaluate(job, supply.getRef(), replyTo.getRef()));
  }

  private void tick() {
    tick.send().apply();
    drain(worker);
  }

  private List<ViewTask> fetches() {
    return supply.getAllReceived().stream().map(fetch -> ((Fetch) fetch).task()).toList();
  }

  private static List<Integer> places(ViewTask task) {
    return task.items().stream().map(ViewTask.Item::place).toList();
  }

  private void send(ViewTask task, ViewTask.Item item, long damage) {
    int label = item.sample() % 2;
    MemorySegment picture = Arena.ofAuto().allocate(task.itemBytes(), 64);
    picture.asSlice(0, label == 0 ? 4 : 8).fill((byte) 200);
    picture.set(ValueLayout.JAVA_INT, picture.byteSize() - Integer.BYTES, label);
    plane.deliver(
        new ChunkId.Views(
            task.fence(), task.step(), task.index(), item.place(), item.epoch(), item.sample()),
        new Provenance(TensorDigest.of(picture) + damage, 0, item.sample()),
        picture);
    drain(worker);
  }

  private void send(ViewTask task) {
    task.items().forEach(item -> send(task, item, 0));
  }

  /** All that is asked for comes, until nothing more is. */
  private void serve() {
    for (List<ViewTask> tasks = fetches(); !tasks.isEmpty(); tasks = fetches()) {
      tasks.forEach(this::send);
    }
  }

  private static List<Outcome> outcomes(TestInbox<Report> inbox) {
    return inbox.getAllReceived().stream()
        .filter(Outcome.class::isInstance)
        .map(Outcome.class::cast)
        .toList();
  }

  @Test
  void picturesAreFetchedInBlocksAFewAtATimeAndJudgedWhenAllAreThere() {
    order(1, client);
    List<ViewTask> first = fetches();
    assertEquals(List.of(0, 1, 2), first.stream().map(ViewTask::index).toList());
    assertTrue(
        first.stream()
            .allMatch(task -> task.split() == Split.TRAIN && task.views() == Views.LABELLED));
    send(first.get(1));
    List<ViewTask> next = fetches();
    assertEquals(List.of(3), next.stream().map(ViewTask::index).toList());
    assertEquals(10, next.getFirst().items().size());
    send(first.get(0));
    send(next.getFirst());
    assertEquals(List.of(), fetches());
    send(first.get(2));
    List<ViewTask> test = fetches();
    assertEquals(1, test.size());
    assertEquals(Split.TEST, test.getFirst().split());
    send(test.getFirst());
    Outcome.Measured measured = (Outcome.Measured) outcomes(client).getFirst();
    assertEquals(1, measured.job());
    assertEquals(1, measured.top1(), 0);
  }

  @Test
  void picturesThatDoNotComeAreAskedForAgain() {
    order(1, client);
    List<ViewTask> tasks = fetches();
    send(tasks.get(0));
    ViewTask task = tasks.get(1);
    task.items().stream().skip(2).forEach(item -> send(task, item, 0));
    fetches();
    tick();
    List<ViewTask> again = fetches();
    assertEquals(List.of(0, 1), places(again.getFirst()));
    assertEquals(1, again.getFirst().index());
    assertEquals(List.of(1, 2, 3), again.stream().map(ViewTask::index).toList());
    again.forEach(this::send);
    serve();
    assertEquals(1, outcomes(client).size());
    tick();
    assertEquals(List.of(), fetches());
  }

  @Test
  void picturesThatAreNotWhatWasMadeAreFetchedAgain() {
    order(1, client);
    ViewTask task = fetches().getFirst();
    task.items().forEach(item -> send(task, item, item.place() == 7 ? 1 : 0));
    List<ViewTask> again = fetches();
    assertEquals(1, again.size());
    assertEquals(List.of(7), places(again.getFirst()));
    send(again.getFirst());
    assertEquals(3, fetches().getFirst().index(), "the block is done, the next one follows");
  }

  @Test
  void aJobThatIsOrderedAgainGoesOnAndAnswersWhoAskedLast() {
    TestInbox<Report> successor = TestInbox.create("successor");
    order(1, client);
    List<ViewTask> tasks = fetches();
    order(1, successor);
    assertEquals(List.of(), fetches());
    tasks.forEach(this::send);
    serve();
    assertEquals(1, outcomes(successor).size());
    assertEquals(List.of(), outcomes(client));
  }

  @Test
  void aJobThatIsDoneIsAnsweredAgain() {
    order(1, client);
    serve();
    List<Outcome> outcomes = outcomes(client);
    order(1, client);
    assertEquals(outcomes, outcomes(client));
    assertEquals(List.of(), fetches());
  }

  @Test
  void anotherJobTakesThePlaceOfTheOneUnderWay() {
    order(1, client);
    List<ViewTask> old = fetches();
    order(2, client);
    List<ViewTask> tasks = fetches();
    old.forEach(this::send);
    assertEquals(List.of(), fetches(), "pictures of the other job");
    tasks.forEach(this::send);
    serve();
    assertEquals(List.of(2L), outcomes(client).stream().map(Report::job).toList());
  }

  @Test
  void picturesThatCannotBeMadeAtTwoWorkersEndTheJobAndNotTheWorker() {
    order(1, client);
    ViewTask task = fetches().getFirst();
    task.reportTo().tell(new ViewsFailed(task.id(), "augment-worker-1", "a.png is gone"));
    task.reportTo().tell(new ViewsFailed(task.id(), "augment-worker-1", "a.png is gone"));
    drain(worker);
    assertEquals(List.of(), outcomes(client));
    task.reportTo().tell(new ViewsFailed(task.id(), "augment-worker-2", "a.png is gone"));
    drain(worker);
    Outcome.Failed failed = (Outcome.Failed) outcomes(client).getFirst();
    assertEquals("a.png is gone (tried twice)", failed.text());
    order(2, client);
    serve();
    assertEquals(Outcome.Measured.class, outcomes(client).getFirst().getClass());
  }

  @Test
  void aCheckpointThatIsNotThereEndsTheJobAndNotTheWorker() {
    order(job(1, new FeatureSource.Checkpoint("/nowhere/step-000000001")), client);
    Outcome.Failed failed = (Outcome.Failed) outcomes(client).getFirst();
    assertTrue(failed.text().contains("/nowhere/step-000000001"), failed.text());
    tick();
    order(2, client);
    serve();
    assertEquals(Outcome.Measured.class, outcomes(client).getFirst().getClass());
  }
}
