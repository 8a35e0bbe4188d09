package io.urrl.gpu.worker;

import static io.urrl.gpu.worker.WorkerBench.lease;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Parts;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ResultBytes;
import io.urrl.actors.protocol.TrainerCommand.Returned;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.HandPlane.Tensor;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.pretext.MicroBatchResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A worker whose parameters come from two shards: slices of 16 and of 14 floats. */
class SlicesTest {
  private static final int TERM = 3;
  private static final Lease FIRST = lease(0, 0, 0);
  private static final int A = 0;
  private static final int B = 1;

  private final WorkerBench worker = new WorkerBench(2);

  private void expectVersion(long version) {
    worker.tick();
    assertEquals(version, worker.subscription());
  }

  private static List<Integer> parts(List<Tensor> sent) {
    return sent.stream().map(tensor -> ((ChunkId.Result) tensor.id()).part()).toList();
  }

  private static Result report(List<Tensor> sent) {
    return ResultBytes.read(sent.getLast().bytes().toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void aWorkerIsInTheTermWhenAllShardsKnowIt() {
    worker.enlist(TERM);
    worker.subscribed(TERM, B);
    worker.subscribed(TERM, B);
    assertEquals(List.of(), worker.told());
    worker.subscribed(TERM, A);
    assertEquals(1, worker.told().size());
  }

  @Test
  void eachShardGetsItsSliceAndTheFirstWhatIsForTheCompanions() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    worker.sendViews(TERM, FIRST.id());
    List<Tensor> toA = worker.sentTensors(A);
    List<Tensor> toB = worker.sentTensors(B);
    assertEquals(
        List.of(
            Parts.GRADIENT,
            Parts.companion(Moco.QUEUE),
            Parts.companion(Moco.QUERY_STATISTICS),
            Parts.companion(Moco.KEY_STATISTICS),
            Parts.REPORT),
        parts(toA));
    assertEquals(List.of(Parts.GRADIENT, Parts.REPORT), parts(toB));
    for (List<Tensor> sent : List.of(toA, toB)) {
      for (Tensor tensor : sent) {
        assertEquals(tensor.provenance().digest(), TensorDigest.of(tensor.bytes()));
      }
    }
    TensorDigest whole = new TensorDigest();
    whole.add(toA.getFirst().bytes());
    whole.add(toB.getFirst().bytes());
    assertEquals(16 * Float.BYTES, toA.getFirst().bytes().byteSize());
    assertEquals(14 * Float.BYTES, toB.getFirst().bytes().byteSize());
    assertEquals(whole.value(), report(toA).digests().gradient());
    assertEquals(report(toA), report(toB));
    assertNotEquals(
        toA.getFirst().provenance().basis(), toB.getFirst().provenance().basis(), "each its own");
  }

  /** The ledger does not tell how many shards there were. */
  @Test
  void theDigestsOfTheWholeAreThoseOfASingleShard() {
    Result.Digests[] digests = new Result.Digests[2];
    for (int shards = 1; shards <= 2; shards++) {
      WorkerBench one = new WorkerBench(shards);
      one.takeUp(TERM, 5);
      one.hold(TERM, lease(5, 0, 0));
      one.sendViews(TERM, lease(5, 0, 0).id());
      digests[shards - 1] = report(one.sentTensors()).digests();
    }
    assertEquals(digests[0], digests[1]);
  }

  @Test
  void aVersionIsThereWhenAllItsSlicesAre() {
    worker.takeUp(TERM, 0);
    worker.sendChange(TERM, A, 1);
    expectVersion(0);
    worker.sendChange(TERM, B, 1);
    expectVersion(1);
  }

  @Test
  void slicesOfTwoVersionsMayComeSideBySide() {
    worker.takeUp(TERM, 0);
    worker.sendChange(TERM, A, 1);
    worker.sendChange(TERM, A, 2);
    worker.sendChange(TERM, B, 1);
    expectVersion(1);
    worker.sendChange(TERM, B, 2);
    expectVersion(2);
  }

  @Test
  void oneSliceMayComeWholeAndAnotherAsAChange() {
    WorkerBench changes = new WorkerBench(2);
    changes.takeUp(TERM, 0);
    changes.sendChange(TERM, 1);
    worker.takeUp(TERM, 0);
    worker.sendWhole(TERM, B, 1);
    worker.sendChange(TERM, A, 1);
    expectVersion(1);
    MemorySegment query = worker.replica().parameters();
    assertEquals(-1, query.mismatch(changes.replica().parameters()));
    TensorLayout.Slice first = ToyEngine.PARAMETERS.split(2).getFirst();
    TensorLayout.Slice second = ToyEngine.PARAMETERS.split(2).getLast();
    MemorySegment key = worker.replica().momentumEncoder();
    assertEquals(
        -1, first.of(key).mismatch(first.of(changes.replica().momentumEncoder())), "followed");
    assertTrue(
        IntStream.range(0, (int) second.length() * Float.BYTES)
            .allMatch(at -> second.of(key).get(ValueLayout.JAVA_BYTE, at) == 2),
        "as it came");
  }

  @Test
  void aChangeThatCannotBeUsedIsReplacedByTheWholeSlice() {
    worker.takeUp(TERM, 0);
    worker.sendChange(TERM, A, 2);
    worker.sendWhole(TERM, B, 2);
    expectVersion(0);
    worker.sendWhole(TERM, A, 2);
    expectVersion(2);
  }

  @Test
  void whatIsNeverCompletedMakesRoomForLaterVersions() {
    worker.takeUp(TERM, 0);
    for (long version = 1; version < 9; version++) {
      worker.sendChange(TERM, A, version);
    }
    expectVersion(0);
    worker.sendWhole(TERM, 9);
    expectVersion(9);
    worker.sendChange(TERM, 10);
    expectVersion(10);
  }

  @Test
  void aShardThatTakesNothingDoesNotKeepTheOtherFromItsSlice() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    worker.plane().room(WorkerBench.results(A), 0);
    worker.sendViews(TERM, FIRST.id());
    assertEquals(List.of(Parts.GRADIENT), parts(worker.sentTensors(B)));
    worker.plane().room(WorkerBench.results(A), Integer.MAX_VALUE);
    worker.settle();
    assertEquals(5, worker.sentTensors(A).size());
    assertEquals(List.of(Parts.REPORT), parts(worker.sentTensors(B)));
    assertEquals(List.of(FIRST), worker.sent());
  }

  @Test
  void aSliceThatDriftedIsFound() {
    worker.takeUp(TERM, 0);
    worker.hold(TERM, FIRST);
    MemorySegment query = worker.replica().parameters();
    long last = query.byteSize() - Integer.BYTES;
    query.set(ValueLayout.JAVA_INT, last, query.get(ValueLayout.JAVA_INT, last) ^ 1);
    worker.told();
    worker.sendViews(TERM, FIRST.id());
    Returned returned = (Returned) worker.told().getFirst();
    assertTrue(returned.reason().startsWith("its encoder of version 0"), returned.reason());
    assertFalse(worker.isAlive());
  }

  @Test
  void gradientsThatChangedBeforeTheyWereCutHaveNobodysDigest() {
    TensorLayout layout = ToyEngine.PARAMETERS;
    MemorySegment flat = Arena.ofAuto().allocate(layout.byteSize(), 64).fill((byte) 3);
    MemorySegment[] gradients =
        layout.entries().stream()
            .map(entry -> flat.asSlice(entry.offset() * Float.BYTES, entry.length() * Float.BYTES))
            .toArray(MemorySegment[]::new);
    MicroBatchResult result =
        new MicroBatchResult(1, 1, "", List.of(), layout, gradients, TensorDigest.of(flat));
    for (int count = 1; count <= 2; count++) {
      List<TensorLayout.Slice> slices = layout.split(count);
      assertEquals(
          slices.stream().map(slice -> TensorDigest.of(slice.of(flat))).toList(),
          Arrays.stream(result.gradientDigests(slices)).boxed().toList());
    }
    flat.set(ValueLayout.JAVA_BYTE, 3, (byte) 4);
    long[] digests = result.gradientDigests(layout.split(2));
    for (int slice = 0; slice < 2; slice++) {
      assertNotEquals(TensorDigest.of(layout.split(2).get(slice).of(flat)), digests[slice]);
    }
  }
}
