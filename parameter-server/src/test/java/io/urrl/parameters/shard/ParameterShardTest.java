package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.WriteCheckpoint;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.CheckpointDropped;
import io.urrl.actors.protocol.TrainerCommand.CheckpointFailed;
import io.urrl.actors.protocol.TrainerCommand.CheckpointWritten;
import io.urrl.actors.protocol.TrainerCommand.Damaged;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.parameters.DamagedStateException;
import io.urrl.parameters.StateDigests;
import io.urrl.parameters.checkpoint.CheckpointStore;
import io.urrl.parameters.shard.Micro.Part;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.IoUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results, updates and checkpoints of one term. */
class ParameterShardTest {
  private static final int TERM = 3;
  private static final Result FIRST = Micro.result(0, 0, 0, "");

  @TempDir private Path run;
  private ShardBench shard;

  @BeforeEach
  void begin() throws IOException {
    shard = new ShardBench(run);
    shard.beginTerm(TERM);
    shard.told();
  }

  private static void flip(MemorySegment memory) {
    memory.set(ValueLayout.JAVA_INT, 0, memory.get(ValueLayout.JAVA_INT, 0) ^ 1);
  }

  private void write(long version) {
    shard.tell(new WriteCheckpoint(TERM, version));
  }

  @Test
  void aResultIsToldWhenAllOfItIsHereAndOnce() {
    List<Part> parts = Micro.parts(FIRST);
    shard.send(TERM, FIRST, parts.subList(0, parts.size() - 1), shard.basis());
    assertEquals(List.of(), shard.told());
    shard.send(TERM, FIRST, parts.subList(parts.size() - 1, parts.size()), shard.basis());
    assertEquals(List.of(FIRST), shard.standing().results());
    shard.send(TERM, FIRST);
    shard.send(TERM, Micro.result(0, 0, 1, ""));
    assertEquals(List.of(), shard.told());
    shard.tell(new ShardCommand.Report(TERM));
    assertEquals(List.of(FIRST), shard.standing().results());
  }

  @Test
  void anEarlierAttemptThatComesLaterCounts() {
    Result second = Micro.result(0, 0, 4, "");
    shard.send(TERM, second);
    assertEquals(List.of(second), shard.standing().results());
    shard.send(TERM, Micro.result(0, 1, 0, ""));
    shard.told();
    shard.apply(TERM, 0, false);
    assertEquals(1, shard.standing().version());
  }

  @Test
  void aNonFiniteResultIsReplacedByAFiniteOne() {
    Result bad = Micro.result(0, 0, 0, "loss");
    shard.send(TERM, bad);
    assertEquals(List.of(bad), shard.standing().results());
    Result again = Micro.result(0, 0, 1, "loss");
    shard.send(TERM, again);
    assertEquals(List.of(again), shard.standing().results());
    Result good = Micro.result(0, 0, 2, "");
    shard.send(TERM, good);
    assertEquals(List.of(good), shard.standing().results());
    shard.send(TERM, Micro.result(0, 0, 3, "loss"));
    shard.tell(new ShardCommand.Report(TERM));
    assertEquals(List.of(good), ((Standing) shard.told().getLast()).results());
  }

  @Test
  void aStepIsAppliedOnceHoweverOftenItIsOrdered() {
    shard.sendStep(TERM, 0);
    shard.told();
    shard.apply(TERM, 0, false);
    assertEquals(1, shard.standing().version());
    StateDigests once = shard.state().digests();
    shard.apply(TERM, 0, false);
    shard.tell(new ShardCommand.Report(TERM));
    assertEquals(1, shard.standing().version());
    assertEquals(once, shard.state().digests());
  }

  @Test
  void aStepThatIsNotWholeOrNotTheNextIsNotApplied() {
    shard.send(TERM, FIRST);
    shard.told();
    StateDigests before = shard.state().digests();
    shard.apply(TERM, 0, false);
    shard.apply(TERM, 1, false);
    assertEquals(List.of(), shard.told());
    assertEquals(before, shard.state().digests());
    assertEquals(0, shard.state().version());
  }

  @Test
  void theOrderOfArrivalDoesNotChangeTheBits() throws IOException {
    shard.step(TERM, 0);
    ShardBench other = new ShardBench(run);
    other.beginTerm(TERM + 1);
    other.send(TERM + 1, Micro.result(0, 1, 3, ""));
    other.send(TERM + 1, FIRST);
    other.apply(TERM + 1, 0, false);
    assertEquals(shard.state().digests(), other.state().digests());
  }

  @Test
  void aSkippedStepCountsAndChangesNothingElse() {
    shard.send(TERM, Micro.result(0, 0, 0, "loss"));
    shard.told();
    StateDigests before = shard.state().digests();
    shard.tell(new ShardCommand.Apply(TERM, 0, 0.1, true, false));
    Standing standing = shard.standing();
    assertEquals(1, standing.version());
    assertEquals(List.of(), standing.results());
    shard.tell(new ShardCommand.Apply(TERM, 0, 0.1, true, false));
    assertEquals(1, shard.state().version(), "ordered twice");
    assertEquals(before, shard.state().digests());
  }

  @Test
  void aGradientThatChangedOnItsWayIsSaidAndNotHeld() {
    List<Part> parts = new ArrayList<>(Micro.parts(FIRST));
    parts.set(0, parts.getFirst().damaged());
    shard.send(TERM, FIRST, parts, shard.basis());
    Damaged damaged = (Damaged) shard.told().getFirst();
    assertTrue(damaged.text().contains("gradient of step 0 micro-batch 0"), damaged.text());
    shard.send(TERM, FIRST);
    assertEquals(List.of(FIRST), shard.standing().results(), "the same attempt, sent again");
  }

  @Test
  void aGradientOfAnotherStateIsSaidAndNotHeld() {
    shard.send(TERM, FIRST, Micro.parts(FIRST), shard.basis() + 1);
    List<TrainerCommand> told = shard.told();
    assertEquals(1, told.size());
    assertTrue(((Damaged) told.getFirst()).text().contains("at another state"));
  }

  @Test
  void memoryThatChangedIsSaidBeforeTheShardEnds() {
    shard.sendStep(TERM, 0);
    shard.told();
    flip(shard.state().parameters());
    assertThrows(DamagedStateException.class, () -> shard.apply(TERM, 0, false));
    String text = ((Damaged) shard.told().getFirst()).text();
    assertTrue(text.endsWith("; going back to the newest checkpoint"), text);
  }

  @Test
  void aCheckpointThatIsOrderedTwiceIsWrittenOnceAndAnsweredTwice() {
    shard.sendStep(TERM, 0);
    shard.apply(TERM, 0, true);
    shard.told();
    write(1);
    write(1);
    assertEquals(1, shard.write());
    CheckpointWritten written = (CheckpointWritten) shard.told().getFirst();
    assertEquals(1, written.version());
    write(1);
    assertEquals(List.of(written), shard.told());
    assertEquals(0, shard.write());
    shard.tell(new ShardCommand.Report(TERM));
    Standing standing = shard.standing();
    assertEquals(1, standing.saved());
    assertEquals(written.path(), standing.checkpoint());
    assertTrue(CheckpointStore.damage(Path.of(written.path())).isEmpty());
  }

  @Test
  void theCopyIsWrittenHoweverFarTheStateIsByThen() throws IOException {
    shard.sendStep(TERM, 0);
    shard.apply(TERM, 0, true);
    StateDigests kept = shard.state().digests();
    shard.step(TERM, 1);
    write(1);
    shard.step(TERM, 2);
    shard.write();
    ShardBench successor = new ShardBench(run);
    successor.beginTerm(TERM + 1);
    assertEquals(1, successor.state().version());
    assertEquals(kept, successor.state().digests());
    assertNotEquals(kept, shard.state().digests());
    Standing standing = successor.standing();
    assertEquals(1, standing.version());
    assertEquals(1, standing.saved());
    assertEquals(standing.origin(), standing.checkpoint());
  }

  @Test
  void theStateAsItIsIsWrittenWhereNoCopyWasKept() {
    shard.step(TERM, 0);
    write(1);
    assertEquals(1, shard.write());
    assertEquals(1, ((CheckpointWritten) shard.told().getFirst()).version());
  }

  @Test
  void aVersionOfWhichNoCopyIsThereIsDropped() {
    shard.step(TERM, 0);
    write(5);
    CheckpointDropped dropped = (CheckpointDropped) shard.told().getFirst();
    assertEquals(5, dropped.version());
    assertEquals(0, shard.write());
  }

  @Test
  void aCopyThatChangedIsDroppedAndALaterOneWritten() {
    shard.step(TERM, 0);
    flip(shard.state().momentumEncoder());
    write(1);
    shard.write();
    CheckpointDropped dropped = (CheckpointDropped) shard.told().getFirst();
    assertTrue(dropped.text().contains("momentum encoder"), dropped.text());
    flip(shard.state().momentumEncoder());
    write(1);
    shard.write();
    assertEquals(CheckpointWritten.class, shard.told().getFirst().getClass());
  }

  @Test
  void aDiskThatFailsIsNamed() throws IOException {
    shard.step(TERM, 0);
    write(1);
    IoUtil.delete(run.toFile(), false);
    Files.createFile(run);
    shard.write();
    CheckpointFailed failed = (CheckpointFailed) shard.told().getFirst();
    assertTrue(failed.text().contains(run.toString()), failed.text());
  }

  @Test
  void aShardThatStopsWhileACheckpointIsWrittenFreesItsStateAfterwards() {
    shard.step(TERM, 0);
    write(1);
    MemorySegment memory = shard.state().parameters();
    shard.stop();
    assertTrue(shard.plane().isStopped());
    assertTrue(memory.scope().isAlive());
    shard.disk().remove().run();
    assertFalse(memory.scope().isAlive());
    assertTrue(
        CheckpointStore.damage(run.resolve("checkpoints/step-000000001")).isEmpty(),
        "it was written to its end");
  }

  @Test
  void aShardThatStopsFreesItsState() {
    MemorySegment memory = shard.state().parameters();
    shard.stop();
    assertFalse(memory.scope().isAlive());
  }
}
