package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.TrainerBench.Shard;
import io.urrl.actors.run.TrainerBench.Worker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a run ends when somebody asks for it, whatever else is missing. */
class TrainerStopTest {
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final TrainerBench bench = new TrainerBench();

  private void stop() {
    bench.tell(new TrainerCommand.Stop());
  }

  private Worker enlisted() {
    Worker worker = bench.worker();
    worker.enlist(2);
    return worker;
  }

  @Test
  void aStopBeforeTheFirstStepLosesNothingAndIsNoFailure() {
    bench.shardAt(0);
    stop();
    assertEquals("", bench.expectStopped(0).checkpoint());
  }

  @Test
  void aStopBeforeTheShardIsThereEndsWhenItComes() {
    stop();
    bench.heardNo(RunEvent.class);
    bench.shard().begin(3, 3, "step-3");
    bench.beginRecord(3);
    assertEquals("step-3", bench.expectStopped(3).checkpoint());
  }

  @Test
  void aStopRightAfterTheTrainerStartedAnewWritesACheckpointFirst() {
    stop();
    Shard shard = bench.shard();
    shard.begin(3, 2, "step-2");
    bench.beginRecord(3);
    bench.heardNo(RunEvent.Finished.class);
    shard.write(3);
    bench.note(3);
    assertEquals("step-3", bench.expectStopped(3).checkpoint());
  }

  @Test
  void aStopWithoutAShardEndsWithTheNewestKnownCheckpoint() {
    Shard shard = bench.shard();
    shard.begin(4, 3, "step-3");
    shard.die();
    stop();
    bench.passes(Trainer.STOP_PATIENCE.minus(MOMENT));
    bench.heardNo(RunEvent.Finished.class);
    bench.passes(MOMENT);
    assertEquals("step-3", bench.expectStopped(3).checkpoint());
  }

  @Test
  void aStopKeepsTheStepUnderWay() {
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted();
    stop();
    bench.heardNo(RunEvent.Finished.class);
    bench.step(shard, worker);
    shard.write(1);
    bench.note(1);
    bench.expectStopped(1);
  }

  /** Workers that never answer: their step is given up, and what was applied is kept. */
  @Test
  void aStopThatWaitsTooLongKeepsWhatIsThere() {
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted();
    bench.step(shard, worker);
    stop();
    bench.passes(Trainer.STOP_PATIENCE.minus(MOMENT));
    shard.toldNo(ShardCommand.WriteCheckpoint.class);
    bench.passes(MOMENT);
    shard.write(1);
    bench.note(1);
    bench.expectStopped(1);
  }

  @Test
  void aStopAfterAllWorkersAreGoneKeepsWhatIsThereAtOnce() {
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted();
    bench.step(shard, worker);
    worker.die();
    stop();
    shard.write(1);
    bench.note(1);
    bench.expectStopped(1);
  }

  @Test
  void aStopWithAnUpdateThatIsNeverAnsweredEndsWithTheNewestCheckpoint() {
    Shard shard = bench.shardAt(2);
    Worker worker = enlisted();
    List<Lease> leases = worker.leases();
    shard.stand(Results.of(leases.getFirst()), Results.of(leases.getLast()));
    bench.record();
    shard.told(ShardCommand.Apply.class);
    stop();
    bench.passes(Trainer.STOP_PATIENCE.multipliedBy(2).minus(MOMENT));
    bench.heardNo(RunEvent.Finished.class);
    bench.passes(MOMENT);
    assertEquals("step-2", bench.expectStopped(2).checkpoint());
  }

  @Test
  void aStopWaitsForACheckpointThatIsBeingWritten() {
    Shard shard = bench.shardAt(0);
    Worker worker = enlisted();
    bench.step(shard, worker);
    stop();
    bench.passes(Trainer.STOP_PATIENCE.multipliedBy(4));
    bench.heardNo(RunEvent.Finished.class);
    assertTrue(
        TimedActor.allOf(shard.inbox(), ShardCommand.WriteCheckpoint.class).stream()
            .allMatch(write -> write.version() == 1));
    bench.tell(new TrainerCommand.CheckpointWritten(shard.term(), 1, "step-1"));
    bench.note(1);
    assertEquals("step-1", bench.expectStopped(1).checkpoint());
  }

  @Test
  void aStopThatIsSaidTwiceIsOneStop() {
    stop();
    bench.passes(Trainer.STOP_PATIENCE.minus(MOMENT));
    stop();
    bench.heardNo(RunEvent.class);
    bench.passes(MOMENT);
    bench.expectStopped(0);
    stop();
    bench.heardNo(RunEvent.class);
  }

  @Test
  void theEndIsSaidAgainUntilItIsHeard() {
    stop();
    bench.passes(Trainer.STOP_PATIENCE);
    bench.expectStopped(0);
    bench.passes(TrainerBench.TICK);
    bench.expectStopped(0);
    bench.tell(new TrainerCommand.Closed());
    bench.passes(Duration.ofSeconds(10));
    bench.heardNo(RunEvent.class);
  }
}
