package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Parts;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.stream.BroadcastAddress;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.HandPlane;
import io.urrl.actors.stream.HandPlane.Tensor;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.parameters.shard.ShardBench.Subscriber;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How versions get to the workers of a term. */
class ShardDeliveriesTest {
  private static final int TERM = 3;
  private static final Duration SETTLED = Duration.ofSeconds(2);
  private static final Duration MOMENT = Duration.ofMillis(1);

  @TempDir private Path run;
  private ShardBench shard;
  private Subscriber one;
  private Subscriber two;

  @BeforeEach
  void begin() throws IOException {
    shard = new ShardBench(run);
    shard.beginTerm(TERM);
    one = shard.new Subscriber(1);
    two = shard.new Subscriber(2);
  }

  private static ChunkId.State id(long version, boolean whole, int part, int position) {
    return new ChunkId.State(new Fence(Micro.BRIEF.runId(), TERM), version, whole, part, position);
  }

  private static List<ChunkId> ids(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::id).toList();
  }

  /** The whole state at a version, as the shard has it. */
  private void expectWhole(Subscriber worker, long version) {
    List<Tensor> whole = worker.taken();
    assertEquals(
        List.of(
            id(version, true, Parts.PARAMETERS, 0),
            id(version, true, Parts.MOMENTUM_ENCODER, 0),
            id(
                version,
                true,
                Parts.companion(Moco.QUEUE),
                shard.state().companion(Moco.QUEUE).position())),
        ids(whole));
    for (Tensor tensor : whole) {
      assertEquals(tensor.provenance().digest(), TensorDigest.of(tensor.bytes()));
    }
    assertArrayEquals(
        shard.state().parameters().toArray(ValueLayout.JAVA_BYTE),
        whole.getFirst().bytes().toArray(ValueLayout.JAVA_BYTE));
  }

  private static void expectChange(Subscriber worker, long version) {
    expectChange(worker.taken(), version);
  }

  private static void expectChange(List<Tensor> tensors, long version) {
    assertEquals(
        List.of(
            id(version, false, Parts.PARAMETERS, 0),
            id(version, false, Parts.companion(Moco.QUEUE), 0)),
        ids(tensors));
    Tensor rows = tensors.getLast();
    assertEquals((int) TensorDigest.of(rows.bytes()), rows.provenance().detail());
  }

  /** Two workers to which the broadcast comes. */
  private BroadcastAddress twoFollowers() {
    for (Subscriber worker : List.of(one, two)) {
      worker.subscribe(TERM, -1);
      worker.taken();
      worker.subscribe(TERM, 0, true);
    }
    return one.told();
  }

  @Test
  void whoHasNothingGetsTheWholeStateAndThenWhatChanges() {
    one.subscribe(TERM, -1);
    assertEquals(TERM, ((GpuWorkerCommand.Subscribed) one.inbox().receiveMessage()).term());
    expectWhole(one, 0);
    shard.step(TERM, 0);
    expectChange(one, 1);
    shard.step(TERM, 1);
    expectChange(one, 2);
  }

  @Test
  void whoHasTheNewestVersionGetsOnlyWhatFollows() {
    shard.step(TERM, 0);
    one.subscribe(TERM, 1);
    assertEquals(List.of(), one.taken());
    shard.step(TERM, 1);
    expectChange(one, 2);
  }

  @Test
  void aChangeIsBroadcastToAllThatFollow() {
    BroadcastAddress changes = twoFollowers();
    for (long step = 0; step < 3; step++) {
      shard.step(TERM, step);
      expectChange(shard.broadcast(changes), step + 1);
      assertEquals(List.of(), one.taken());
      assertEquals(List.of(), two.taken());
    }
  }

  @Test
  void untilTheBroadcastHasComeAChangeComesToTheWorkerAloneToo() {
    BroadcastAddress changes = twoFollowers();
    two.subscribe(TERM, 0, false);
    shard.step(TERM, 0);
    expectChange(shard.broadcast(changes), 1);
    assertEquals(List.of(), one.taken());
    expectChange(two, 1);
    two.subscribe(TERM, 1, true);
    shard.step(TERM, 1);
    assertEquals(List.of(), two.taken());
  }

  @Test
  void whoMissedWhatWasBroadcastGetsTheWholeState() {
    twoFollowers();
    shard.step(TERM, 0);
    one.subscribe(TERM, 0, true);
    shard.passes(SETTLED.minus(MOMENT));
    one.subscribe(TERM, 0, true);
    two.subscribe(TERM, 1, true);
    assertEquals(List.of(), one.taken(), "it may be on its way");
    shard.passes(MOMENT);
    one.subscribe(TERM, 0, true);
    expectWhole(one, 1);
    assertEquals(List.of(), two.taken());
  }

  @Test
  void aBroadcastThatHasNotEndedIsGivenUpForTheNextVersion() {
    BroadcastAddress changes = twoFollowers();
    shard.plane().room(HandPlane.broadcastOf(changes), 1);
    shard.step(TERM, 0);
    shard.step(TERM, 1);
    shard.plane().room(HandPlane.broadcastOf(changes), Integer.MAX_VALUE);
    shard.settle();
    List<Tensor> sent = shard.broadcast(changes);
    expectChange(sent, 2);
    assertEquals(-1, shard.state().parameters().mismatch(sent.getFirst().bytes()));
  }

  @Test
  void whileABroadcastGoesItsFollowersGetNothingElseUntilThatTakesTooLong() {
    BroadcastAddress changes = twoFollowers();
    shard.plane().room(HandPlane.broadcastOf(changes), 0);
    shard.step(TERM, 0);
    shard.passes(ShardBench.PATIENCE.minus(MOMENT));
    one.subscribe(TERM, 0, true);
    assertEquals(List.of(), one.taken());
    shard.passes(MOMENT);
    one.subscribe(TERM, 0, true);
    expectWhole(one, 1);
  }

  @Test
  void nothingIsBroadcastAfterASkippedStepOrTheTermsEnd() throws IOException {
    BroadcastAddress changes = twoFollowers();
    shard.plane().room(HandPlane.broadcastOf(changes), 1);
    shard.step(TERM, 0);
    shard.tell(new ShardCommand.Apply(TERM, 1, 0.1, true, false));
    shard.plane().room(HandPlane.broadcastOf(changes), Integer.MAX_VALUE);
    shard.settle();
    assertEquals(List.of(), shard.broadcast(changes));
    expectWhole(one, 2);
    shard.plane().room(HandPlane.broadcastOf(changes), 1);
    shard.step(TERM, 2);
    shard.beginTerm(TERM + 1);
    shard.plane().room(HandPlane.broadcastOf(changes), Integer.MAX_VALUE);
    shard.settle();
    assertEquals(List.of(), shard.broadcast(changes));
    assertEquals(List.of(), shard.plane().closedBroadcasts());
    shard.stop();
    assertEquals(List.of(changes), shard.plane().closedBroadcasts());
  }

  @Test
  void whoTakesNothingCostsTheOthersNothing() {
    one.room(0);
    one.subscribe(TERM, -1);
    two.subscribe(TERM, -1);
    expectWhole(two, 0);
    for (long step = 0; step < 4; step++) {
      shard.step(TERM, step);
      assertEquals(step + 1, shard.state().version());
      expectChange(two, step + 1);
    }
    assertEquals(List.of(), one.taken());
  }

  @Test
  void whoIsBehindWhenTheNextStepComesGetsAllOfThatOne() {
    one.subscribe(TERM, -1);
    one.taken();
    one.room(1);
    shard.step(TERM, 0);
    assertEquals(List.of(), one.taken());
    shard.step(TERM, 1);
    one.room(Integer.MAX_VALUE);
    shard.settle();
    expectWhole(one, 2);
    shard.step(TERM, 2);
    expectChange(one, 3);
  }

  @Test
  void whatIsGivenUpComesWholeWhenTheWorkerAsksAgain() {
    one.room(1);
    one.subscribe(TERM, -1);
    shard.passes(ShardBench.PATIENCE);
    one.subscribe(TERM, -1);
    shard.passes(MOMENT);
    int pauses = shard.plane().pauses();
    one.room(Integer.MAX_VALUE);
    shard.settle();
    shard.settle();
    assertEquals(List.of(), one.taken(), "given up");
    assertEquals(pauses, shard.plane().pauses(), "the shard does not turn for nothing");
    one.subscribe(TERM, -1);
    expectWhole(one, 0);
  }

  @Test
  void whoTakesALittleAtATimeIsNotGivenUp() {
    one.room(1);
    one.subscribe(TERM, -1);
    for (int chunk = 0; chunk < 5; chunk++) {
      shard.passes(ShardBench.PATIENCE);
      one.room(1);
      shard.settle();
    }
    expectWhole(one, 0);
  }

  @Test
  void aVersionThatGotLostComesWholeWhenItHadTimeToArrive() {
    one.subscribe(TERM, -1);
    one.taken();
    one.subscribe(TERM, -1);
    shard.passes(SETTLED.minus(MOMENT));
    one.subscribe(TERM, -1);
    assertEquals(List.of(), one.taken(), "it may be on its way");
    shard.passes(MOMENT);
    one.subscribe(TERM, -1);
    expectWhole(one, 0);
    one.subscribe(TERM, -1);
    assertEquals(List.of(), one.taken());
    shard.passes(SETTLED);
    one.subscribe(TERM, 0);
    assertEquals(List.of(), one.taken(), "it has it");
  }

  @Test
  void aChangeThatGotLostIsFollowedByTheWholeState() {
    one.subscribe(TERM, -1);
    shard.step(TERM, 0);
    one.taken();
    shard.passes(SETTLED);
    one.subscribe(TERM, 0);
    expectWhole(one, 1);
  }

  /** What it says of itself and the next version may cross each other after a long step. */
  @Test
  void whoHadTheVersionBeforeHasTimeForTheNext() {
    one.subscribe(TERM, -1);
    one.taken();
    one.subscribe(TERM, 0);
    shard.passes(SETTLED.multipliedBy(3));
    one.subscribe(TERM, 0);
    shard.step(TERM, 0);
    expectChange(one, 1);
    one.subscribe(TERM, 0);
    assertEquals(List.of(), one.taken());
  }

  /** Steps that follow each other quickly do not keep a worker from what it missed. */
  @Test
  void whoSaysForLongThatItIsBehindGetsTheWholeStateBetweenSteps() {
    one.subscribe(TERM, -1);
    one.taken();
    one.subscribe(TERM, 0);
    for (long step = 0; step < 3; step++) {
      shard.passes(SETTLED.dividedBy(2).minus(MOMENT));
      one.subscribe(TERM, 0);
      shard.step(TERM, step);
      expectChange(one, step + 1);
    }
    shard.passes(MOMENT.multipliedBy(2));
    one.subscribe(TERM, 0);
    expectWhole(one, 3);
    one.subscribe(TERM, 0);
    assertEquals(List.of(), one.taken(), "it is on its way");
  }

  @Test
  void aSkippedStepGoesWholeToAll() {
    one.subscribe(TERM, -1);
    one.taken();
    shard.tell(new ShardCommand.Apply(TERM, 0, 0.1, true, false));
    expectWhole(one, 1);
  }

  @Test
  void whatIsUnderWayToAWorkerThatIsGoneEnds() {
    one.room(1);
    one.subscribe(TERM, -1);
    one.die();
    shard.settle();
    int pauses = shard.plane().pauses();
    shard.settle();
    shard.settle();
    assertEquals(pauses, shard.plane().pauses());
    shard.step(TERM, 0);
    one.room(Integer.MAX_VALUE);
    shard.settle();
    assertEquals(List.of(), one.taken());
  }

  @Test
  void aWorkerAtAnotherAddressIsAnotherOne() {
    one.subscribe(TERM, -1);
    one.taken();
    shard.tell(new ShardCommand.Subscribe(TERM, one.inbox().getRef(), two.address(), -1, false));
    expectWhole(two, 0);
    shard.step(TERM, 0);
    expectChange(two, 1);
    assertEquals(List.of(), one.taken());
  }

  @Test
  void aNewTermForgetsTheWorkersOfTheOneBefore() throws IOException {
    one.subscribe(TERM, -1);
    one.taken();
    one.inbox().getAllReceived();
    shard.beginTerm(TERM + 1);
    one.subscribe(TERM, -1);
    assertEquals(List.of(), one.inbox().getAllReceived());
    shard.step(TERM + 1, 0);
    assertEquals(List.of(), one.taken());
    assertTrue(shard.state().version() > 0);
  }
}
