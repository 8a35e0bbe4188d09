package io.urrl.actors.run;

import static io.urrl.actors.run.Results.lease;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.BeginTerm;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.TermTaken;
import io.urrl.actors.run.TrainerBench.Shard;
import io.urrl.actors.run.TrainerBench.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a trainer begins terms, and what of other terms it takes no notice of. */
class TrainerTermsTest {
  private final TrainerBench bench = new TrainerBench();

  @Test
  void aTermThatWasBegunBeforeIsFollowedByAHigherOne() {
    Shard shard = bench.shard();
    assertEquals(1, shard.told(BeginTerm.class).term());
    bench.tell(new TermTaken(shard.ref(), 7));
    assertEquals(8, shard.told(BeginTerm.class).term());
    bench.tell(new TermTaken(shard.ref(), 7));
    shard.toldNo(BeginTerm.class);
    assertEquals(List.of(1, 8), bench.claimed());
    shard.stand(1);
    bench.heardNo(RunEvent.Started.class);
    bench.passes(TrainerBench.TICK);
    shard.begin(0, 0, "");
    assertEquals(8, bench.heard(RunEvent.Started.class).term());
  }

  @Test
  void aTermThatSomebodyElseEndsIsBegunAnewAndItsWorkersToo() {
    Shard shard = bench.shardAt(0);
    Worker worker = bench.worker();
    assertEquals(1, worker.enlist(2));
    bench.tell(new TermTaken(shard.ref(), 5));
    shard.begin(1, 0, "");
    assertEquals(6, shard.term());
    assertEquals(1, bench.heard(RunEvent.Started.class).version());
    worker.leases();
    bench.passes(TrainerBench.TICK);
    assertEquals(6, worker.enlist(2));
    assertEquals(lease(1, 0, 0), worker.leases().getFirst());
  }

  @Test
  void whatIsNotAnsweredIsSaidAgainInTheSameTerm() {
    Shard shard = bench.shard();
    BeginTerm begin = shard.told(BeginTerm.class);
    bench.passes(TrainerBench.TICK);
    assertEquals(begin, shard.join(0, 0));
    ShardCommand.OpenTerm order = shard.told(ShardCommand.OpenTerm.class);
    bench.passes(TrainerBench.TICK);
    assertEquals(order, shard.open(0, 0, ""));
    bench.heard(RunEvent.Started.class);
    assertEquals(List.of(1), bench.claimed());
  }

  @Test
  void whatAnotherShardSaysOfTermsDoesNotCount() {
    Shard shard = bench.shardAt(0);
    bench.tell(new TermTaken(bench.shard().ref(), 5));
    bench.passes(TrainerBench.TICK);
    shard.toldNo(BeginTerm.class);
  }

  @Test
  void theStandingOfAnotherTermDoesNotCount() {
    Shard shard = bench.shardAt(0);
    Worker worker = bench.worker();
    worker.enlist(2);
    shard.stand(shard.term() - 1, Results.of(lease(0, 0, 0)), Results.of(lease(0, 1, 0)));
    bench.heardNo(RunEvent.StepClosed.class);
    assertEquals(2, worker.leases().size());
  }

  @Test
  void answersOfAnotherTermDoNotCount() {
    Shard shard = bench.shard();
    bench.tell(new TermTaken(shard.ref(), 5));
    shard.inbox().getAllReceived();
    bench.passes(TrainerBench.TICK);
    shard.begin(0, 0, "");
    Worker worker = bench.worker();
    bench.tell(new TrainerCommand.Enlisted(worker.ref(), 1, 2, "cpu"));
    worker.inbox().getAllReceived();
    bench.passes(TrainerBench.TICK);
    assertEquals(
        List.of(6),
        TimedActor.allOf(worker.inbox(), GpuWorkerCommand.Enlist.class).stream()
            .map(GpuWorkerCommand.Enlist::term)
            .toList());
    assertEquals(List.of(), worker.leases());
    bench.tell(new TrainerCommand.Enlisted(worker.ref(), 6, 2, "cpu"));
    shard.stand(Results.of(lease(0, 0, 0)), Results.of(lease(0, 1, 0)));
    bench.tell(new TrainerCommand.RecordBegun(1));
    bench.heardNo(RunEvent.StepClosed.class);
    bench.tell(new TrainerCommand.RecordBegun(6));
    bench.heard(RunEvent.StepClosed.class);
    bench.tell(new TrainerCommand.Recorded(1, 1));
    shard.toldNo(ShardCommand.Apply.class);
    bench.tell(new TrainerCommand.Recorded(6, 1));
    assertEquals(6, shard.told(ShardCommand.Apply.class).term());
  }

  @Test
  void aShardThatComesBackFromACheckpointTakesTheRunBackToItsVersion() {
    Shard shard = bench.shardAt(4);
    Worker worker = bench.worker();
    int term = worker.enlist(2);
    assertEquals(4, worker.leases().getFirst().id().step());
    shard.die();
    assertTrue(bench.notice().startsWith("shard is gone"));
    bench.shardAt(2);
    int next = worker.enlist(2);
    assertTrue(next > term, next + " after " + term);
    assertEquals(2, worker.leases().getFirst().id().step());
  }

  @Test
  void aShardThatIsGoneIsNotTakenAgainFromAnOldListing() {
    Shard shard = bench.shardAt(0);
    bench.trainer().terminated(shard.ref());
    bench.trainer().lists(ServiceKeys.SHARDS, Set.of(shard.ref()));
    shard.inbox().getAllReceived();
    bench.passes(Duration.ofSeconds(5));
    shard.toldNo(BeginTerm.class);
  }

  @Test
  void aShardThatCannotBeginATermEndsTheRunWithItsText() {
    Shard shard = bench.shard();
    shard.told(BeginTerm.class);
    bench.tell(new TrainerCommand.ShardFailed(1, "term cannot be written: disk full"));
    assertEquals("term cannot be written: disk full", bench.heard(RunEvent.Failed.class).text());
  }
}
