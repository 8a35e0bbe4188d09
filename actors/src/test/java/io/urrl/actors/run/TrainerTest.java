package io.urrl.actors.run;

import static io.urrl.actors.run.Results.lease;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.TaskId;
import io.urrl.actors.protocol.TrainerCommand.ViewsFailed;
import io.urrl.actors.run.TrainerBench.Shard;
import io.urrl.actors.run.TrainerBench.Worker;
import io.urrl.actors.run.TrainerSettings.OnNonFinite;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results, leases and checkpoints of one term. */
class TrainerTest {
  private static final String BAD = "gradient of conv1.weight";
  private static final Lease FIRST = lease(0, 0, 0);
  private static final Lease SECOND = lease(0, 1, 0);
  private static final Lease FIRST_AGAIN = lease(0, 0, 1);

  private TrainerBench bench = new TrainerBench();

  private Worker enlisted(int capacity) {
    Worker worker = bench.worker();
    worker.enlist(capacity);
    return worker;
  }

  @Test
  void aStepIsRecordedAndAppliedWhenTheShardHoldsItsResults() {
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted(2);
    assertEquals(List.of(FIRST, SECOND), worker.leases());
    worker.sent(shard.term(), FIRST, SECOND);
    bench.heardNo(RunEvent.StepClosed.class);
    shard.stand(Results.of(FIRST));
    bench.heardNo(RunEvent.StepClosed.class);
    shard.stand(Results.of(FIRST), Results.of(SECOND));
    shard.toldNo(ShardCommand.Apply.class);
    RunEvent.StepClosed closed = bench.record();
    assertEquals(List.of(Results.of(FIRST), Results.of(SECOND)), closed.audit());
    shard.apply();
    assertEquals(List.of(lease(1, 0, 0), lease(1, 1, 0)), worker.leases());
  }

  @Test
  void aMicroBatchThatTakesWorkerAfterWorkerWithItEndsTheRun() {
    bench.shardAt(0);
    for (int death = 1; death < Suspects.MOST_DEATHS; death++) {
      enlisted(1).die();
      bench.heardNo(RunEvent.Failed.class);
    }
    enlisted(1).die();
    String text = bench.heard(RunEvent.Failed.class).text();
    assertTrue(text.startsWith("5 workers failed one after the other over " + FIRST.id()), text);
  }

  @Test
  void workersThatDieOverDifferentMicroBatchesAreOnlyReplaced() {
    Shard shard = bench.shardAt(0);
    for (int step = 0; step < TrainerBench.STEPS - 1; step++) {
      for (int death = 2; death < Suspects.MOST_DEATHS; death++) {
        enlisted(1).die();
      }
      Worker worker = enlisted(2);
      bench.step(shard, worker);
      bench.monitor().getAllReceived();
      worker.die();
    }
    bench.heardNo(RunEvent.Failed.class);
  }

  @Test
  void aResultThatDoesNotReachTheShardIsComputedAgain() {
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted(2);
    worker.sent(shard.term(), FIRST);
    shard.stand(Results.of(SECOND));
    bench.passes(Duration.ofMillis(Ledger.LOST_AFTER).minus(TrainerBench.TICK));
    bench.heardNo(RunEvent.Notice.class);
    assertEquals(List.of(FIRST), worker.leases());
    bench.passes(TrainerBench.TICK);
    assertTrue(bench.notice().contains("the result of " + FIRST.id() + " was lost"));
    assertEquals(List.of(FIRST_AGAIN), worker.leases());
  }

  @Test
  void anEarlyAttemptThatComesLateCounts() {
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted(2);
    worker.sent(shard.term(), FIRST);
    bench.passes(Duration.ofMillis(Ledger.LOST_AFTER));
    assertEquals(List.of(FIRST_AGAIN, SECOND), worker.leases());
    shard.stand(Results.of(FIRST), Results.of(SECOND));
    assertEquals(
        List.of(Results.of(FIRST), Results.of(SECOND)),
        bench.heard(RunEvent.StepClosed.class).audit());
    assertEquals(List.of(), worker.leases());
  }

  @Test
  void aMicroBatchThatTakesMuchLongerThanOthersGoesToASecondWorkerToo() {
    Shard shard = bench.shardAt(0);
    Worker quick = enlisted(2);
    bench.passes(Duration.ofMillis(600));
    bench.step(shard, quick);
    Worker other = enlisted(1);
    quick.leases();
    Lease late = lease(1, 0, 0);
    shard.stand(Results.of(lease(1, 1, 0)));
    // Four times 600 ms, at the next tick of 500 ms.
    bench.passes(Duration.ofMillis(2_200));
    bench.heardNo(RunEvent.Notice.class);
    bench.passes(TrainerBench.TICK);
    String notice = bench.notice();
    assertTrue(notice.contains("more than 3 s over step 1 micro-batch 0"), notice);
    assertEquals(List.of(late), quick.leases());
    assertEquals(List.of(lease(1, 0, 1)), other.leases());
    shard.stand(Results.of(late), Results.of(lease(1, 1, 0)));
    assertEquals(1, bench.heard(RunEvent.StepClosed.class).step());
  }

  @Test
  void beforeAnyMicroBatchIsDoneTheDeadlineIsTheLongest() {
    bench.shardAt(0);
    enlisted(2);
    enlisted(2);
    bench.passes(TrainerBench.LONGEST_DEADLINE.minus(TrainerBench.TICK));
    bench.heardNo(RunEvent.Notice.class);
    bench.passes(TrainerBench.TICK);
    assertEquals(2, TimedActor.allOf(bench.monitor(), RunEvent.Notice.class).size());
  }

  @Test
  void aNonFiniteResultThatDoesNotRepeatIsNoNewsForTheRun() {
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted(2);
    shard.stand(Results.of(FIRST, BAD));
    String notice = bench.notice();
    assertTrue(notice.contains(BAD) && notice.contains(FIRST.id().toString()), notice);
    assertEquals(List.of(FIRST_AGAIN, SECOND), worker.leases());
    shard.stand(Results.of(FIRST, BAD), Results.of(SECOND));
    bench.heardNo(RunEvent.class);
    shard.stand(Results.of(FIRST_AGAIN), Results.of(SECOND));
    assertFalse(bench.record().skipped());
    assertFalse(shard.told(ShardCommand.Apply.class).skip());
  }

  @Test
  void aNonFiniteResultThatRepeatsStopsTheRunAndIsNamed() {
    Shard shard = bench.shardAt(0);
    enlisted(2);
    shard.stand(Results.of(FIRST, BAD));
    shard.stand(Results.of(FIRST_AGAIN, BAD));
    String text = bench.heard(RunEvent.Failed.class).text();
    assertTrue(text.contains(BAD) && text.contains(new MicroBatchId(0, 0).toString()), text);
    assertTrue(text.contains("--on-nan skip"), text);
  }

  @Test
  void aNonFiniteResultThatRepeatsIsSkippedOnRequest() {
    bench = new TrainerBench(OnNonFinite.SKIP, 0);
    Shard shard = bench.shardAt(0);
    enlisted(2);
    shard.stand(Results.of(FIRST, BAD));
    shard.stand(Results.of(FIRST_AGAIN, BAD), Results.of(SECOND));
    assertTrue(bench.record().skipped());
    assertTrue(shard.told(ShardCommand.Apply.class).skip());
  }

  @Test
  void aViewTaskThatFailsAtTwoWorkersFailsTheRunWithItsText() {
    bench.shardAt(0);
    TaskId task = new TaskId(0, 1, 0);
    bench.tell(new ViewsFailed(task, "augment-worker-1", "a.png is gone"));
    assertTrue(bench.notice().contains("a.png is gone"));
    bench.tell(new ViewsFailed(task, "augment-worker-1", "a.png is gone"));
    bench.heardNo(RunEvent.class);
    bench.tell(new ViewsFailed(new TaskId(0, 1, 4), "augment-worker-2", "b.png is gone"));
    bench.heardNo(RunEvent.Failed.class);
    bench.tell(new ViewsFailed(task, "augment-worker-2", "a.png is gone"));
    String text = bench.heard(RunEvent.Failed.class).text();
    assertTrue(text.startsWith("a.png is gone (tried twice; the last checkpoint: "), text);
  }

  @Test
  void theLeasesOfAWorkerThatIsGoneGoToTheOthers() {
    bench.shardAt(0);
    Worker lost = enlisted(2);
    assertEquals(List.of(FIRST, SECOND), lost.leases());
    Worker other = enlisted(2);
    assertEquals(List.of(), other.leases());
    lost.die();
    assertEquals(List.of(FIRST_AGAIN, lease(0, 1, 1)), other.leases());
  }

  @Test
  void aLeaseThatIsGivenBackGoesToAnotherOnce() {
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted(2);
    TrainerCommand.Returned returned =
        new TrainerCommand.Returned(worker.ref(), shard.term(), FIRST, "memory changed");
    bench.tell(returned);
    assertTrue(bench.notice().contains("gave step 0 micro-batch 0 back: memory changed"));
    assertEquals(List.of(FIRST_AGAIN, SECOND), worker.leases());
    bench.tell(returned);
    bench.heardNo(RunEvent.Notice.class);
    assertEquals(List.of(FIRST_AGAIN, SECOND), worker.leases());
  }

  @Test
  void aWorkerThatComputesOtherBitsTakesNoPart() {
    bench.shardAt(0);
    Worker other = bench.worker();
    Worker same = bench.worker();
    other.refuse();
    assertEquals("other bits", bench.notice());
    same.enlist(2);
    assertEquals(2, same.leases().size());
    bench.passes(Duration.ofMinutes(1));
    assertEquals(List.of(), TimedActor.allOf(other.inbox(), GpuWorkerCommand.class));
    bench.heardNo(RunEvent.Failed.class);
  }

  @Test
  void aRunThatNoWorkerComputesExactlyEnds() {
    bench.shardAt(0);
    bench.worker().refuse();
    assertEquals("other bits", bench.notice());
    bench.passes(Duration.ofMillis(4_900));
    bench.heardNo(RunEvent.class);
    bench.passes(Duration.ofMillis(100));
    assertEquals("other bits", bench.heard(RunEvent.Failed.class).text());
  }

  @Test
  void aCheckpointThatIsDroppedIsANoticeAndALaterOneIsWritten() {
    bench = new TrainerBench(OnNonFinite.STOP, 2);
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted(2);
    bench.step(shard, worker);
    bench.step(shard, worker);
    assertEquals(2, shard.told(ShardCommand.WriteCheckpoint.class).version());
    bench.tell(new TrainerCommand.CheckpointDropped(shard.term(), 2, "the copy changed"));
    assertEquals("the copy changed", bench.notice());
    bench.tell(new TrainerCommand.CheckpointDropped(shard.term(), 2, "the copy changed"));
    bench.heardNo(RunEvent.class);
    bench.step(shard, worker);
    bench.step(shard, worker);
    shard.write(4);
    assertEquals(4, bench.heard(RunEvent.CheckpointKept.class).version());
  }

  @Test
  void theLastCheckpointIsWrittenAgainWhenItIsDropped() {
    Shard shard = bench.shardAt(TrainerBench.STEPS - 1);
    bench.step(shard, enlisted(2));
    shard.told(ShardCommand.WriteCheckpoint.class);
    bench.tell(
        new TrainerCommand.CheckpointDropped(shard.term(), TrainerBench.STEPS, "the copy changed"));
    assertEquals("the copy changed", bench.notice());
    shard.write(TrainerBench.STEPS);
    bench.note(TrainerBench.STEPS);
    assertFalse(bench.heard(RunEvent.Finished.class).stopped());
  }
}
