package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.plan.LearningRate;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.GpuWorkerCommand.Enlist;
import io.urrl.actors.protocol.GpuWorkerCommand.Grant;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.Backlog;
import io.urrl.actors.protocol.TrainerCommand.Digests;
import io.urrl.actors.protocol.TrainerCommand.TaskId;
import io.urrl.actors.protocol.TrainerCommand.Trained;
import io.urrl.actors.protocol.TrainerCommand.ViewsFailed;
import io.urrl.actors.protocol.TrainerCommand.Waits;
import io.urrl.actors.run.TrainerSettings.OnNonFinite;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The trainer against a shard and workers that are probes: two micro-batches a step. */
class TrainerTest {
  private static final String BAD = "gradient of conv1.weight";

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<RunEvent> monitor = kit.createTestProbe("monitor");
  private final TestProbe<SupplyCommand> supply = kit.createTestProbe("supply");
  private ActorRef<TrainerCommand> trainer;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  /** A worker that answers when it is told to. */
  private final class Worker {
    private final TestProbe<GpuWorkerCommand> probe = kit.createTestProbe("worker");

    Worker() {
      kit.system().receptionist().tell(Receptionist.register(ServiceKeys.GPU_WORKERS, probe.ref()));
    }

    int enlist(int capacity) {
      Enlist enlist = probe.expectMessageClass(Enlist.class);
      trainer.tell(new TrainerCommand.Enlisted(probe.ref(), enlist.term(), capacity, "cpu"));
      return enlist.term();
    }

    void refuse() {
      Enlist enlist = probe.expectMessageClass(Enlist.class);
      trainer.tell(new TrainerCommand.Refused(probe.ref(), enlist.term(), "other bits"));
    }

    Lease lease() {
      return probe.expectMessageClass(Grant.class).lease();
    }

    void answer(int term, Lease lease, String nonFinite) {
      trainer.tell(
          new Trained(
              probe.ref(),
              term,
              lease,
              lease.id().step(),
              nonFinite.isEmpty() ? 2 : Double.NaN,
              0.5,
              nonFinite,
              7,
              List.of(),
              new Digests(1, 2, 3),
              new Waits(0, 0, 0, 0),
              new Backlog(0, 0)));
    }
  }

  private TestProbe<ShardCommand> shard() {
    TestProbe<ShardCommand> probe = kit.createTestProbe("shard");
    kit.system().receptionist().tell(Receptionist.register(ServiceKeys.SHARDS, probe.ref()));
    return probe;
  }

  private void start(OnNonFinite onNonFinite) {
    start(onNonFinite, Duration.ofMinutes(1));
  }

  private void start(OnNonFinite onNonFinite, Duration leaseTimeout) {
    RunBrief brief =
        new RunBrief(
            1,
            new RunPlan(1, true, 32, 3, 0, 16, 8, 2),
            new RunBrief.ViewBrief("shapes", "urrl", 32),
            new RunBrief.EncoderBrief("resnet18", 8, "cifar", 0, 16),
            64,
            0.99f,
            0.2f,
            0,
            1,
            0);
    TrainerSettings settings =
        new TrainerSettings(
            brief, new LearningRate.Constant(0.1, 0), 0, 0, onNonFinite, 0, leaseTimeout, 0);
    trainer = kit.spawn(Trainer.create(settings, supply.ref(), monitor.ref()), "trainer");
  }

  /** The shard answers for itself and hears of the term. */
  private void stand(TestProbe<ShardCommand> shard, long version) {
    shard.expectMessageClass(ShardCommand.Report.class);
    trainer.tell(new TrainerCommand.ShardStatus(shard.ref(), version, 0, "a test"));
    shard.expectMessageClass(ShardCommand.BeginTerm.class);
    assertEquals(version, monitor.expectMessageClass(RunEvent.Started.class).version());
  }

  @Test
  void aNonFiniteResultThatDoesNotRepeatIsNoNewsForTheRun() {
    start(OnNonFinite.STOP);
    TestProbe<ShardCommand> shard = shard();
    stand(shard, 0);
    Worker worker = new Worker();
    int term = worker.enlist(2);
    Lease first = worker.lease();
    Lease second = worker.lease();
    worker.answer(term, first, BAD);
    String notice = monitor.expectMessageClass(RunEvent.Notice.class).text();
    assertTrue(notice.contains(BAD) && notice.contains(first.id().toString()), notice);
    Lease again = worker.lease();
    assertEquals(new Lease(first.id(), 1), again);
    worker.answer(term, second, "");
    worker.answer(term, again, "");
    assertFalse(monitor.expectMessageClass(RunEvent.StepClosed.class).skipped());
    assertFalse(shard.expectMessageClass(ShardCommand.Apply.class).skip());
  }

  @Test
  void aViewTaskThatFailsTwiceFailsTheRunWithItsText() {
    start(OnNonFinite.STOP);
    stand(shard(), 0);
    TaskId task = new TaskId(0, 1, 0);
    trainer.tell(new ViewsFailed(task, "a.png is gone"));
    String notice = monitor.expectMessageClass(RunEvent.Notice.class).text();
    assertTrue(notice.contains("a.png is gone"), notice);
    trainer.tell(new ViewsFailed(new TaskId(0, 1, 4), "b.png is gone"));
    monitor.expectMessageClass(RunEvent.Notice.class);
    trainer.tell(new ViewsFailed(task, "a.png is gone"));
    String text = monitor.expectMessageClass(RunEvent.Failed.class).text();
    assertTrue(text.startsWith("a.png is gone (tried twice; the last checkpoint: "), text);
  }

  @Test
  void aNonFiniteResultThatRepeatsStopsTheRunAndIsNamed() {
    start(OnNonFinite.STOP);
    stand(shard(), 0);
    Worker worker = new Worker();
    int term = worker.enlist(2);
    worker.answer(term, worker.lease(), BAD);
    monitor.expectMessageClass(RunEvent.Notice.class);
    worker.lease();
    worker.answer(term, worker.lease(), BAD);
    String text = monitor.expectMessageClass(RunEvent.Failed.class).text();
    assertTrue(text.contains(BAD) && text.contains(new MicroBatchId(0, 0).toString()), text);
    assertTrue(text.contains("--on-nan skip"), text);
  }

  @Test
  void aNonFiniteResultThatRepeatsIsSkippedOnRequest() {
    start(OnNonFinite.SKIP);
    TestProbe<ShardCommand> shard = shard();
    stand(shard, 0);
    Worker worker = new Worker();
    int term = worker.enlist(2);
    worker.answer(term, worker.lease(), BAD);
    monitor.expectMessageClass(RunEvent.Notice.class);
    worker.answer(term, worker.lease(), "");
    worker.answer(term, worker.lease(), BAD);
    assertTrue(monitor.expectMessageClass(RunEvent.StepClosed.class).skipped());
    assertTrue(shard.expectMessageClass(ShardCommand.Apply.class).skip());
  }

  @Test
  void theLeasesOfAWorkerThatIsGoneGoToTheOthers() {
    start(OnNonFinite.STOP);
    stand(shard(), 0);
    Worker lost = new Worker();
    lost.enlist(2);
    Lease first = lost.lease();
    Lease second = lost.lease();
    Worker other = new Worker();
    other.enlist(2);
    other.probe.expectNoMessage(Duration.ofMillis(50));
    lost.probe.stop();
    assertEquals(new Lease(first.id(), 1), other.lease());
    assertEquals(new Lease(second.id(), 1), other.lease());
  }

  @Test
  void aShardThatComesBackFromACheckpointTakesTheRunBackToItsVersion() {
    start(OnNonFinite.STOP);
    TestProbe<ShardCommand> shard = shard();
    stand(shard, 4);
    Worker worker = new Worker();
    int term = worker.enlist(2);
    assertEquals(4, worker.lease().id().step());
    shard.stop();
    monitor.expectMessageClass(RunEvent.Notice.class);
    TestProbe<ShardCommand> successor = shard();
    stand(successor, 2);
    worker.lease();
    int next = worker.enlist(2);
    assertTrue(next > term, next + " after " + term);
    assertEquals(2, worker.lease().id().step());
  }

  @Test
  void aWorkerThatComputesOtherBitsTakesNoPart() {
    start(OnNonFinite.STOP);
    stand(shard(), 0);
    Worker other = new Worker();
    Worker same = new Worker();
    other.refuse();
    String notice = monitor.expectMessageClass(RunEvent.Notice.class).text();
    assertEquals("other bits", notice);
    same.enlist(2);
    same.lease();
    same.lease();
    other.probe.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void aRunThatNoWorkerComputesExactlyEnds() {
    start(OnNonFinite.STOP);
    stand(shard(), 0);
    Worker only = new Worker();
    only.refuse();
    assertEquals("other bits", monitor.expectMessageClass(RunEvent.Notice.class).text());
    time.timePasses(Duration.ofSeconds(4));
    monitor.expectNoMessage(Duration.ofMillis(50));
    time.timePasses(Duration.ofSeconds(1));
    assertEquals("other bits", monitor.expectMessageClass(RunEvent.Failed.class).text());
  }

  private void step(TestProbe<ShardCommand> shard, Worker worker, int term) {
    worker.answer(term, worker.lease(), "");
    worker.answer(term, worker.lease(), "");
    long step = monitor.expectMessageClass(RunEvent.StepClosed.class).step();
    trainer.tell(new TrainerCommand.Recorded(step + 1));
    shard.expectMessageClass(ShardCommand.Apply.class);
    trainer.tell(new TrainerCommand.Applied(term, step + 1));
  }

  private void expectStoppedWithACheckpoint(TestProbe<ShardCommand> shard, long version) {
    assertEquals(version, shard.expectMessageClass(ShardCommand.WriteCheckpoint.class).version());
    trainer.tell(new TrainerCommand.CheckpointWritten(version, "step-" + version));
    monitor.expectMessageClass(RunEvent.CheckpointKept.class);
    expectStopped(version);
  }

  private void expectStopped(long version) {
    RunEvent.Finished finished = monitor.expectMessageClass(RunEvent.Finished.class);
    assertTrue(finished.stopped());
    assertEquals(version, finished.version());
  }

  @Test
  void aStopBeforeTheFirstStepLosesNothingAndIsNoFailure() {
    start(OnNonFinite.STOP);
    stand(shard(), 0);
    trainer.tell(new TrainerCommand.Stop());
    expectStopped(0);
  }

  @Test
  void aStopBeforeTheShardIsThereEndsWhenItComes() {
    start(OnNonFinite.STOP);
    trainer.tell(new TrainerCommand.Stop());
    stand(shard(), 3);
    expectStopped(3);
  }

  @Test
  void aStopWithoutAShardEndsAfterAWhile() {
    start(OnNonFinite.STOP);
    trainer.tell(new TrainerCommand.Stop());
    monitor.expectNoMessage(Duration.ofMillis(50));
    time.timePasses(Trainer.STOP_PATIENCE);
    String text = monitor.expectMessageClass(RunEvent.Failed.class).text();
    assertTrue(text.contains("shard was gone") && text.contains("--resume"), text);
  }

  @Test
  void aStopKeepsTheStepUnderWay() {
    start(OnNonFinite.STOP);
    TestProbe<ShardCommand> shard = shard();
    stand(shard, 0);
    Worker worker = new Worker();
    int term = worker.enlist(2);
    trainer.tell(new TrainerCommand.Stop());
    worker.answer(term, worker.lease(), "");
    worker.answer(term, worker.lease(), "");
    monitor.expectMessageClass(RunEvent.StepClosed.class);
    assertTrue(shard.expectMessageClass(ShardCommand.Apply.class).snapshot());
    trainer.tell(new TrainerCommand.Recorded(1));
    trainer.tell(new TrainerCommand.Applied(term, 1));
    expectStoppedWithACheckpoint(shard, 1);
  }

  /** Workers that never answer: their step is given up, and what was applied is kept. */
  @Test
  void aStopThatWaitsTooLongKeepsWhatIsThere() {
    start(OnNonFinite.STOP);
    TestProbe<ShardCommand> shard = shard();
    stand(shard, 0);
    Worker worker = new Worker();
    int term = worker.enlist(2);
    step(shard, worker, term);
    worker.lease();
    trainer.tell(new TrainerCommand.Stop());
    shard.expectNoMessage(Duration.ofMillis(50));
    time.timePasses(Trainer.STOP_PATIENCE);
    expectStoppedWithACheckpoint(shard, 1);
  }

  @Test
  void aStopAfterAllWorkersAreGoneKeepsWhatIsThereAtOnce() {
    start(OnNonFinite.STOP);
    TestProbe<ShardCommand> shard = shard();
    stand(shard, 0);
    Worker worker = new Worker();
    int term = worker.enlist(2);
    step(shard, worker, term);
    worker.probe.stop();
    monitor.expectMessageClass(RunEvent.Notice.class);
    trainer.tell(new TrainerCommand.Stop());
    expectStoppedWithACheckpoint(shard, 1);
  }
}
