package io.urrl.gpu.worker;

import static io.urrl.gpu.worker.WorkerBench.lease;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Parts;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ResultBytes;
import io.urrl.actors.protocol.ShardCommand.Subscribe;
import io.urrl.actors.protocol.SupplyCommand.Fetch;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.Damaged;
import io.urrl.actors.protocol.TrainerCommand.Enlisted;
import io.urrl.actors.protocol.TrainerCommand.Refused;
import io.urrl.actors.protocol.TrainerCommand.Returned;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.HandPlane.Tensor;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GpuWorkerTest {
  private static final int TERM = 3;
  private static final Lease FIRST = lease(0, 0, 0);
  private static final Lease SECOND = lease(0, 1, 0);

  private final WorkerBench worker = new WorkerBench();

  private static List<Integer> places(Fetch fetch) {
    return fetch.task().items().stream().map(ViewTask.Item::place).toList();
  }

  private void expectSent(Lease lease) {
    List<Tensor> sent = worker.sentTensors();
    assertEquals(
        IntStream.of(
                Parts.GRADIENT,
                Parts.companion(Moco.QUEUE),
                Parts.companion(Moco.QUERY_STATISTICS),
                Parts.companion(Moco.KEY_STATISTICS),
                Parts.REPORT)
            .mapToObj(
                part ->
                    new ChunkId.Result(
                        WorkerBench.fence(TERM),
                        lease.id().step(),
                        lease.id().index(),
                        lease.attempt(),
                        part))
            .toList(),
        sent.stream().map(Tensor::id).toList());
    for (Tensor tensor : sent) {
      assertEquals(tensor.provenance().digest(), TensorDigest.of(tensor.bytes()));
    }
    Result result = ResultBytes.read(sent.getLast().bytes().toArray(ValueLayout.JAVA_BYTE));
    assertEquals(lease.id(), result.id());
    assertEquals(lease.attempt(), result.attempt());
    assertEquals("gpu-worker-1", result.worker());
    assertEquals(sent.getFirst().provenance().digest(), result.digests().gradient());
    assertEquals(sent.getFirst().provenance().basis(), result.digests().state());
  }

  @Test
  void aWorkerIsInTheTermWhenTheShardKnowsIt() {
    worker.enlist(TERM);
    assertEquals(-1, worker.subscription());
    assertEquals(List.of(), worker.told());
    worker.subscribed(TERM);
    Enlisted enlisted = (Enlisted) worker.told().getFirst();
    assertEquals(TERM, enlisted.term());
    assertEquals(2, enlisted.capacity());
    worker.enlist(TERM);
    assertEquals(List.of(enlisted), worker.told(), "it may not have been heard");
    worker.subscribed(TERM);
    assertEquals(List.of(), worker.told());
  }

  @Test
  void untilTheShardAnswersTheSubscriptionIsSaidAgain() {
    worker.enlist(TERM);
    worker.subscription();
    worker.tick();
    assertEquals(-1, worker.subscription());
    worker.subscribed(TERM);
    worker.sendWhole(TERM, 4);
    worker.tick();
    assertEquals(4, worker.subscription(), "the shard hears what the worker has");
  }

  @Test
  void aWorkerOfOtherBitsRefusesEachTimeItIsAsked() {
    worker.enlist(TERM, 6);
    assertEquals(Refused.class, worker.told().getFirst().getClass());
    worker.enlist(TERM, 6);
    assertEquals(Refused.class, worker.told().getFirst().getClass());
    worker.enlist(TERM + 1, 5);
    assertEquals(List.of(), worker.told());
    worker.subscribed(TERM + 1);
    assertEquals(Enlisted.class, worker.told().getFirst().getClass());
  }

  @Test
  void aTermThatIsOverDoesNotComeBack() {
    worker.takeUp(TERM, 0);
    worker.enlist(TERM - 1);
    worker.subscribed(TERM - 1);
    worker.hold(TERM - 1, FIRST);
    assertEquals(List.of(), worker.told());
    assertEquals(List.of(), worker.fetches());
  }

  @Test
  void aHigherTermMakesAllLeasesVoid() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    worker.fetches();
    worker.takeUp(TERM + 1, 0);
    worker.sendViews(TERM + 1, FIRST.id());
    worker.tick();
    assertEquals(List.of(), worker.fetches());
    assertEquals(0, worker.replica().runs());
  }

  @Test
  void aLeaseIsComputedWhenItsViewsAreThere() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST, SECOND);
    assertEquals(List.of(), worker.sent());
    assertEquals(2, worker.fetches().size());
    worker.sendViews(TERM, SECOND.id());
    expectSent(SECOND);
    assertEquals(List.of(SECOND), worker.sent());
    worker.sendViews(TERM, FIRST.id());
    expectSent(FIRST);
    assertTrue(worker.sent().containsAll(List.of(FIRST, SECOND)));
  }

  @Test
  void leasesThatAreSaidAgainAreAnsweredAgainAndNotComputedAgain() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    worker.sendViews(TERM, FIRST.id());
    worker.told();
    worker.fetches();
    worker.hold(TERM, FIRST);
    assertEquals(List.of(FIRST), worker.sent());
    assertEquals(List.of(), worker.fetches());
    assertEquals(1, worker.replica().runs());
  }

  @Test
  void anEarlierOrderThatComesLateIsVoid() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, 5, List.of(FIRST));
    worker.hold(TERM, 4, List.of(SECOND));
    worker.hold(TERM, 5, List.of());
    List<Fetch> fetches = worker.fetches();
    assertEquals(1, fetches.size());
    assertEquals(0, fetches.getFirst().task().index());
    worker.sendViews(TERM, FIRST.id());
    expectSent(FIRST);
  }

  @Test
  void aSecondAttemptAtWhatWasSentIsComputedAgain() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    worker.sendViews(TERM, FIRST.id());
    expectSent(FIRST);
    Lease again = lease(0, 0, 1);
    worker.hold(TERM, again);
    assertEquals(List.of(), worker.sent());
    worker.sendViews(TERM, again.id());
    expectSent(again);
    assertEquals(List.of(again), worker.sent());
  }

  @Test
  void aSecondAttemptAtWhatIsInHandKeepsItsViews() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    worker.sendViews(TERM, FIRST.id(), 0);
    worker.fetches();
    Lease again = lease(0, 0, 1);
    worker.hold(TERM, again);
    assertEquals(List.of(), worker.fetches());
    worker.sendViews(TERM, FIRST.id(), 1);
    expectSent(again);
  }

  @Test
  void aLeaseThatIsTakenAwayIsNotComputed() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    worker.hold(TERM);
    worker.sendViews(TERM, FIRST.id());
    assertEquals(0, worker.replica().runs());
    worker.hold(TERM, SECOND);
    worker.sendViews(TERM, SECOND.id());
    expectSent(SECOND);
  }

  @Test
  void viewsThatDoNotComeAreAskedForAgain() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    Fetch all = worker.fetches().getFirst();
    assertEquals(List.of(0, 1), places(all));
    worker.sendViews(TERM, FIRST.id(), 0);
    for (int tick = 0; tick < 3; tick++) {
      worker.tick();
      List<Fetch> again = worker.fetches();
      assertEquals(1, again.size());
      assertEquals(List.of(1), places(again.getFirst()));
    }
    worker.sendViews(TERM, FIRST.id(), 1);
    worker.tick();
    assertEquals(List.of(), worker.fetches());
  }

  @Test
  void aStepIsComputedAtItsOwnVersion() {
    worker.takeUp(TERM, 0);
    Lease next = lease(1, 0, 0);
    worker.hold(TERM, next);
    worker.sendViews(TERM, next.id());
    assertEquals(0, worker.replica().runs());
    worker.sendWhole(TERM, 1);
    expectSent(next);
  }

  @Test
  void aLeaseOfAStepThatIsAppliedIsNotComputed() {
    worker.takeUp(TERM, 0);
    worker.sendWhole(TERM, 2);
    worker.hold(TERM, FIRST);
    worker.sendViews(TERM, FIRST.id());
    assertEquals(0, worker.replica().runs());
  }

  @Test
  void aChangeIsTakenWhenItFollowsTheVersionInHand() {
    worker.takeUp(TERM, 0);
    worker.sendChange(TERM, 2);
    worker.tick();
    assertEquals(0, worker.subscription());
    worker.sendChange(TERM, 1);
    worker.tick();
    assertEquals(2, worker.subscription(), "the one after it was there already");
    worker.sendChange(TERM, 4);
    worker.sendWhole(TERM, 0);
    worker.tick();
    assertEquals(2, worker.subscription(), "an old state that comes late");
    worker.sendWhole(TERM, 5);
    worker.tick();
    assertEquals(5, worker.subscription());
  }

  private List<Boolean> saidToFollow() {
    return worker.subscriptions(0).stream().map(Subscribe::follows).toList();
  }

  @Test
  void theShardHearsAtOnceThatItsBroadcastHasCome() {
    worker.takeUp(TERM, 0);
    worker.tick();
    assertEquals(List.of(false), saidToFollow());
    worker.sendChange(TERM, 1);
    worker.sendChange(TERM, 2);
    assertEquals(List.of(true), saidToFollow());
    worker.tick();
    assertEquals(List.of(true), saidToFollow());
    worker.sendWhole(TERM, 4);
    assertEquals(List.of(false), saidToFollow(), "it missed something");
    worker.sendChange(TERM, 5);
    assertEquals(List.of(true), saidToFollow());
  }

  @Test
  void aWorkerFollowsOnceAndUntilTheTermIsOver() {
    worker.takeUp(TERM, 0);
    worker.subscribed(TERM);
    assertEquals(1, worker.plane().followers().get(WorkerBench.changes(0)).size());
    worker.enlist(TERM + 1);
    assertEquals(Map.of(), worker.plane().followers());
    worker.subscribed(TERM + 1);
    assertEquals(1, worker.plane().followers().get(WorkerBench.changes(0)).size());
    worker.stop();
    assertEquals(Map.of(), worker.plane().followers());
  }

  /** As by a receive thread that stood still while it copied. */
  @Test
  void aChangeThatWasWrittenOverIsNotUsedAndHarmsNobody() {
    worker.takeUp(TERM, 0);
    worker.sendChange(TERM, 0, 1, 1, 0);
    worker.tick();
    assertEquals(0, worker.subscription());
    worker.sendChange(TERM, 0, 1, 0, 1);
    worker.tick();
    assertEquals(0, worker.subscription());
    worker.sendChange(TERM, 1);
    worker.tick();
    assertEquals(1, worker.subscription());
    worker.sendChange(TERM, 0, 2, 1, 0);
    worker.sendWhole(TERM, 2);
    worker.hold(TERM, lease(2, 0, 0));
    worker.sendViews(TERM, lease(2, 0, 0).id());
    expectSent(lease(2, 0, 0));
    assertTrue(worker.isAlive());
  }

  @Test
  void aShardThatTakesNothingDoesNotKeepTheWorkerFromAnswering() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    worker.plane().room(WorkerBench.RESULTS, 1);
    worker.sendViews(TERM, FIRST.id());
    worker.told();
    worker.hold(TERM, FIRST, SECOND);
    assertEquals(List.of(), worker.sent());
    worker.sendViews(TERM, SECOND.id());
    assertEquals(1, worker.replica().runs(), "the gradient's memory is in use");
    worker.plane().room(WorkerBench.RESULTS, Integer.MAX_VALUE);
    worker.settle();
    assertTrue(worker.sent().containsAll(List.of(FIRST, SECOND)));
  }

  @Test
  void viewsThatAreNotWhatWasMadeAreSaidAndMadeAgain() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    worker.fetches();
    worker.told();
    worker.sendDamagedViews(TERM, FIRST.id(), 0);
    worker.sendViews(TERM, FIRST.id(), 1);
    Damaged damaged = (Damaged) worker.told().getFirst();
    assertTrue(damaged.text().startsWith("1 views of step 0 micro-batch 0"), damaged.text());
    assertEquals(0, worker.replica().runs());
    assertEquals(List.of(0), places(worker.fetches().getFirst()));
    worker.sendViews(TERM, FIRST.id(), 0);
    expectSent(FIRST);
  }

  @Test
  void aReplicaThatDriftedSendsNoResultAndEndsTheWorker() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    MemorySegment key = worker.replica().momentumEncoder();
    key.set(ValueLayout.JAVA_INT, 0, key.get(ValueLayout.JAVA_INT, 0) ^ 1);
    worker.told();
    worker.sendViews(TERM, FIRST.id());
    List<TrainerCommand> told = worker.told();
    Returned returned = (Returned) told.getFirst();
    assertEquals(FIRST, returned.lease());
    assertTrue(
        returned.reason().startsWith("its momentum encoder of version 0"), returned.reason());
    assertEquals(1, told.size());
    assertEquals(
        List.of(Parts.GRADIENT),
        worker.sentTensors().stream()
            .map(tensor -> ((ChunkId.Result) tensor.id()).part())
            .toList());
    assertFalse(worker.isAlive());
  }

  @Test
  void aWorkerThatStopsReceivesNoMore() {
    worker.takeUp(TERM, 0);
    worker.stop();
    assertTrue(worker.plane().isStopped());
  }
}
