package io.urrl.actors.run;

import static io.urrl.actors.run.Results.lease;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.GpuWorkerCommand.Enlist;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.BeginTerm;
import io.urrl.actors.protocol.ShardCommand.OpenTerm;
import io.urrl.actors.protocol.ShardCommand.WriteCheckpoint;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.TrainerBench.Shard;
import io.urrl.actors.run.TrainerBench.Worker;
import io.urrl.actors.run.TrainerSettings.OnNonFinite;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Several shards: which take part, how they come to one version, and what all of them must hold.
 */
class TrainerShardsTest {
  private static final Result FIRST = Results.of(lease(0, 0, 0));
  private static final Result SECOND = Results.of(lease(0, 1, 0));
  private static final Duration MOMENT = Duration.ofMillis(1);

  private TrainerBench bench = new TrainerBench(OnNonFinite.STOP, 1, 2, 1);

  private static void expectSlice(BeginTerm begin, int slice, int slices) {
    assertEquals(slice, begin.slice());
    assertEquals(slices, begin.slices());
  }

  /** Two shards that hold nothing, in a term at version 0. */
  private List<Shard> two() {
    List<Shard> shards = List.of(bench.shard("a"), bench.shard("b"));
    shards.forEach(shard -> shard.join(0, 0));
    shards.forEach(shard -> shard.open(0, 0, ""));
    bench.beginRecord(0);
    return shards;
  }

  @Test
  void aTermBeginsWithAsManyShardsAsItsSlices() {
    Shard a = bench.shard("a");
    a.toldNo(BeginTerm.class);
    Shard b = bench.shard("b");
    expectSlice(a.join(0, 0), 0, 2);
    expectSlice(b.join(0, 0), 1, 2);
    Shard c = bench.shard("c");
    bench.passes(Duration.ofMinutes(1));
    c.toldNo(ShardCommand.class);
    bench.heardNo(RunEvent.Notice.class);
  }

  @Test
  void aTermDoesNotWaitForLongWhereSomeShardsAreThere() {
    bench = new TrainerBench(OnNonFinite.STOP, 0, 3, 1);
    Shard a = bench.shard("a");
    bench.passes(Duration.ofSeconds(2));
    Shard b = bench.shard("b");
    bench.passes(ShardPool.PATIENCE.minusSeconds(2).minus(MOMENT));
    a.toldNo(BeginTerm.class);
    bench.passes(TrainerBench.TICK);
    expectSlice(a.join(0, 0), 0, 2);
    expectSlice(b.join(0, 0), 1, 2);
    assertEquals("2 of 3 parameter shards are here; going on with 2", bench.notice());
  }

  @Test
  void whereNoNumberIsGivenAllThatAreThereTakePart() {
    bench = new TrainerBench(OnNonFinite.STOP, 0, 0, 2);
    Shard a = bench.shard("a");
    a.toldNo(BeginTerm.class);
    Shard b = bench.shard("b");
    expectSlice(a.join(0, 0), 0, 2);
    bench.shard("c");
    b.die();
    bench.notice();
    expectSlice(a.join(0, 0), 0, 2);
  }

  @Test
  void theFirstShardFindsTheCheckpointAndTheOthersReadTheSame() {
    Shard a = bench.shard("a");
    Shard b = bench.shard("b");
    a.join(0, 0);
    a.toldNo(OpenTerm.class);
    b.join(0, 0);
    b.toldNo(OpenTerm.class);
    assertEquals(new OpenTerm(1, OpenTerm.NEWEST, false), a.open(4, 4, "step-4"));
    bench.heardNo(RunEvent.Started.class);
    assertEquals(new OpenTerm(1, 4, false), b.open(4, 4, "step-4"));
    assertEquals(4, bench.heard(RunEvent.Started.class).version());
  }

  @Test
  void whatAllHoldOfOneTermIsKept() {
    Shard a = bench.shard("a");
    Shard b = bench.shard("b");
    a.join(3, 7);
    b.join(3, 7);
    assertEquals(new OpenTerm(1, 7, true), a.open(7, 5, "step-5"));
    assertEquals(new OpenTerm(1, 7, true), b.open(7, 5, ""));
    assertEquals(7, bench.heard(RunEvent.Started.class).version());
  }

  /** A step may have reached one of them; or one was in a term that the other was not in. */
  @Test
  void whatDiffersIsReadAnew() {
    for (long[] other : new long[][] {{3, 6}, {2, 7}, {0, 7}}) {
      bench = new TrainerBench(OnNonFinite.STOP, 1, 2, 1);
      Shard a = bench.shard("a");
      Shard b = bench.shard("b");
      a.join(3, 7);
      b.join((int) other[0], other[1]);
      assertEquals(OpenTerm.NEWEST, a.open(5, 5, "step-5").version());
      assertEquals(new OpenTerm(1, 5, false), b.open(5, 5, "step-5"));
    }
  }

  @Test
  void aWorkerHearsOfAllShardsInTheOrderOfTheSlices() {
    List<Shard> shards = two();
    Worker worker = bench.worker();
    Enlist enlist = TimedActor.allOf(worker.inbox(), Enlist.class).getFirst();
    assertEquals(shards.stream().map(Shard::ref).toList(), enlist.shards());
  }

  @Test
  void aStepIsCompleteWhenEveryShardHoldsItsResults() {
    List<Shard> shards = two();
    bench.worker().enlist(2);
    shards.getFirst().stand(FIRST, SECOND);
    shards.getLast().stand(FIRST);
    bench.heardNo(RunEvent.StepClosed.class);
    shards.getFirst().stand();
    shards.getLast().stand(SECOND);
    assertEquals(List.of(FIRST, SECOND), bench.record().audit(), "what a shard held it holds");
  }

  @Test
  void ofTwoAttemptsTheFirstSlicesIsRecorded() {
    List<Shard> shards = two();
    bench.worker().enlist(2);
    shards.getLast().stand(Results.of(lease(0, 0, 0)), SECOND);
    Result again = Results.of(lease(0, 0, 1));
    shards.getFirst().stand(again, SECOND);
    assertEquals(List.of(again, SECOND), bench.record().audit());
  }

  @Test
  void aNonFiniteResultCountsWhereverItCame() {
    List<Shard> shards = two();
    bench.worker().enlist(2);
    shards.getLast().stand(Results.of(lease(0, 0, 0), "loss"));
    assertTrue(bench.notice().contains("loss"));
    shards.getFirst().stand(Results.of(lease(0, 0, 0), "loss"));
    bench.heardNo(RunEvent.class);
    shards.getFirst().stand(Results.of(lease(0, 0, 1), "loss"));
    assertTrue(bench.heard(RunEvent.Failed.class).text().contains("loss"));
  }

  private void closeStep(List<Shard> shards, Worker worker) {
    List<Lease> leases = worker.leases();
    shards.forEach(
        shard -> shard.stand(Results.of(leases.getFirst()), Results.of(leases.getLast())));
    bench.record();
  }

  @Test
  void anUpdateIsSaidAgainToThoseThatAreBehind() {
    List<Shard> shards = two();
    Worker worker = bench.worker();
    worker.enlist(2);
    closeStep(shards, worker);
    shards.getFirst().apply();
    assertEquals(List.of(), worker.leases(), "the version is that of all");
    shards.getLast().told(ShardCommand.Apply.class);
    bench.passes(TrainerBench.TICK);
    shards.getFirst().toldNo(ShardCommand.Apply.class);
    shards.getLast().apply();
    assertEquals(1, worker.leases().getFirst().id().step());
  }

  @Test
  void aCheckpointIsGatheredWhenAllOtherSlicesAreWritten() {
    List<Shard> shards = two();
    Worker worker = bench.worker();
    worker.enlist(2);
    closeStep(shards, worker);
    shards.forEach(Shard::apply);
    assertEquals(1, shards.getLast().told(WriteCheckpoint.class).version());
    bench.passes(TrainerBench.TICK);
    shards.getFirst().toldNo(WriteCheckpoint.class);
    assertEquals(1, shards.getLast().told(WriteCheckpoint.class).version());
    bench.tell(new TrainerCommand.SliceWritten(shards.getLast().ref(), 1, 0));
    bench.tell(new TrainerCommand.SliceWritten(shards.getLast().ref(), 7, 1));
    shards.getFirst().toldNo(WriteCheckpoint.class);
    bench.passes(TrainerBench.TICK);
    shards.getLast().writeSlice(1);
    shards.getFirst().write(1);
    bench.note(1);
    bench.passes(TrainerBench.TICK);
    shards.forEach(shard -> shard.toldNo(WriteCheckpoint.class));
  }

  @Test
  void aSliceThatIsDroppedAtTheEndIsWrittenAnew() {
    List<Shard> shards = two();
    Worker worker = bench.worker();
    worker.enlist(2);
    for (long step = 1; step <= TrainerBench.STEPS; step++) {
      closeStep(shards, worker);
      shards.forEach(Shard::apply);
      if (step < TrainerBench.STEPS) {
        shards.getLast().writeSlice(step);
        shards.getFirst().write(step);
        bench.note(step);
      }
    }
    assertEquals(TrainerBench.STEPS, shards.getLast().told(WriteCheckpoint.class).version());
    bench.tell(new TrainerCommand.CheckpointDropped(1, TrainerBench.STEPS, "the copy changed"));
    assertEquals("the copy changed", bench.notice());
    shards.getLast().writeSlice(TrainerBench.STEPS);
    shards.getFirst().write(TrainerBench.STEPS);
    bench.note(TrainerBench.STEPS);
    assertEquals(TrainerBench.STEPS, bench.heard(RunEvent.Finished.class).version());
  }

  @Test
  void aSpareTakesTheSliceOfAShardThatIsGone() {
    List<Shard> shards = two();
    Shard spare = bench.shard("c");
    shards.getFirst().die();
    assertTrue(bench.notice().startsWith("a is gone"));
    expectSlice(shards.getLast().join(1, 0), 0, 2);
    expectSlice(spare.join(0, 0), 1, 2);
    assertEquals(List.of(1, 2), bench.claimed());
  }

  @Test
  void theDeathOfASpareIsNoNews() {
    two();
    Shard spare = bench.shard("c");
    spare.die();
    bench.passes(Duration.ofSeconds(10));
    bench.heardNo(RunEvent.class);
    assertEquals(List.of(1), bench.claimed());
  }

  @Test
  void aShardThatDiesBeforeTheTermIsOpenIsWaitedForLikeAnyOther() {
    Shard a = bench.shard("a");
    Shard b = bench.shard("b");
    a.join(0, 0);
    b.die();
    assertTrue(bench.notice().startsWith("b is gone"));
    bench.passes(ShardPool.PATIENCE.minus(MOMENT));
    a.toldNo(BeginTerm.class);
    Shard successor = bench.shard("b.2");
    expectSlice(a.join(0, 0), 0, 2);
    expectSlice(successor.join(0, 0), 1, 2);
  }

  @Test
  void whatShardsOfAnEarlierTermFailAtDoesNotCount() {
    List<Shard> shards = two();
    bench.tell(new TrainerCommand.TermTaken(shards.getLast().ref(), 4));
    assertEquals(List.of(1, 5), bench.claimed());
    bench.tell(new TrainerCommand.CheckpointFailed(1, 3, "disk full"));
    bench.tell(new TrainerCommand.ShardFailed(1, "not seen"));
    bench.heardNo(RunEvent.Failed.class);
    bench.tell(new TrainerCommand.ShardFailed(5, "not seen"));
    assertEquals("not seen", bench.heard(RunEvent.Failed.class).text());
  }
}
