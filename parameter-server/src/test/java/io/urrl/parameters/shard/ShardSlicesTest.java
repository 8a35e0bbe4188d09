package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Parts;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.OpenTerm;
import io.urrl.actors.protocol.ShardCommand.WriteCheckpoint;
import io.urrl.actors.protocol.TrainerCommand.CheckpointDropped;
import io.urrl.actors.protocol.TrainerCommand.CheckpointFailed;
import io.urrl.actors.protocol.TrainerCommand.CheckpointWritten;
import io.urrl.actors.protocol.TrainerCommand.ShardFailed;
import io.urrl.actors.protocol.TrainerCommand.SliceWritten;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.HandPlane.Tensor;
import io.urrl.parameters.Share;
import io.urrl.parameters.checkpoint.CheckpointStore;
import io.urrl.parameters.shard.ShardBench.Subscriber;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two shards with a slice each do what a single one does. */
class ShardSlicesTest {
  private static final int TERM = 3;
  private static final Share A = new Share(0, 2);
  private static final Share B = new Share(1, 2);

  @TempDir private Path folder;
  private Path run;
  private ShardBench a;
  private ShardBench b;

  @BeforeEach
  void begin() throws IOException {
    run = Files.createDirectory(folder.resolve("run"));
    a = new ShardBench(run);
    b = new ShardBench(run);
    a.beginTerm(TERM, A, OpenTerm.NEWEST);
    b.beginTerm(TERM, B, 0);
    a.told();
    b.told();
  }

  private void step(long step, boolean snapshot) {
    for (ShardBench shard : List.of(a, b)) {
      shard.sendStep(TERM, step);
      shard.apply(TERM, step, snapshot);
      shard.told();
    }
  }

  private static void order(ShardBench shard, long version) {
    shard.tell(new WriteCheckpoint(TERM, version));
  }

  private CheckpointWritten checkpoint(long version) {
    order(b, version);
    b.write();
    assertEquals(new SliceWritten(b.ref(), TERM, version), b.told().getFirst());
    order(a, version);
    a.write();
    return (CheckpointWritten) a.told().getFirst();
  }

  private static void flip(MemorySegment memory) {
    memory.set(ValueLayout.JAVA_INT, 0, memory.get(ValueLayout.JAVA_INT, 0) ^ 1);
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> paths = Files.list(run.resolve(CheckpointStore.DIRECTORY))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theirCheckpointIsThatOfASingleShard() throws Exception {
    ShardBench alone = new ShardBench(Files.createDirectory(folder.resolve("alone")));
    alone.beginTerm(TERM);
    for (long step = 0; step < 3; step++) {
      alone.step(TERM, step);
      step(step, step == 1);
    }
    order(alone, 3);
    alone.write();
    Path expected = Path.of(((CheckpointWritten) alone.told().getLast()).path());
    checkpoint(2);
    CheckpointWritten written = checkpoint(3);
    assertEquals(TERM, written.term());
    assertEquals(CheckpointStore.digest(expected), CheckpointStore.digest(Path.of(written.path())));
    assertArrayEquals(
        Files.readAllBytes(expected.resolve("state.json")),
        Files.readAllBytes(Path.of(written.path()).resolve("state.json")));
    assertEquals(List.of("last", "step-000000002", "step-000000003"), entries());
  }

  @Test
  void aShardOfAnotherSliceGoesOnWithTheCheckpoint() throws IOException {
    step(0, false);
    checkpoint(1);
    ShardBench alone = new ShardBench(run);
    alone.beginTerm(TERM + 1);
    assertEquals(1, alone.standing().version());
    Share last = new Share(1, 2);
    b.beginTerm(TERM + 2, last, 1);
    assertEquals(
        -1, b.state().parameters().mismatch(last.of(Micro.LAYOUT).of(alone.state().parameters())));
  }

  @Test
  void aSliceThatIsOrderedTwiceIsWrittenOnceInATerm() throws IOException {
    step(0, true);
    order(b, 1);
    order(b, 1);
    assertEquals(1, b.write());
    b.told();
    order(b, 1);
    assertEquals(List.of(new SliceWritten(b.ref(), TERM, 1)), b.told());
    assertEquals(0, b.write());
    b.beginTerm(TERM + 1, B, 0);
    b.told();
    b.tell(new WriteCheckpoint(TERM + 1, 1));
    assertEquals(1, b.write(), "the slices of a term are gathered in that term alone");
  }

  @Test
  void aCopyOfASliceThatChangedIsDropped() {
    step(0, false);
    flip(b.state().momentumEncoder());
    order(b, 1);
    b.write();
    CheckpointDropped dropped = (CheckpointDropped) b.told().getFirst();
    assertTrue(dropped.text().contains("momentum encoder of step 1"), dropped.text());
    flip(b.state().momentumEncoder());
    assertEquals(1, checkpoint(1).version());
  }

  @Test
  void aSliceThatDoesNotReadAsItWasWrittenMakesNoCheckpoint() throws IOException {
    step(0, false);
    order(b, 1);
    b.write();
    Path slices = run.resolve(CheckpointStore.DIRECTORY).resolve(entries().getFirst());
    Path file = slices.resolve("1-of-2.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    order(a, 1);
    a.write();
    CheckpointFailed failed = (CheckpointFailed) a.told().getFirst();
    assertTrue(failed.text().contains(file + "; look after the disk"), failed.text());
    assertFalse(entries().contains("step-000000001"));
  }

  @Test
  void aCheckpointIsNotPutInPlaceWhenALaterTermHasBegun() throws IOException {
    step(0, false);
    order(b, 1);
    b.write();
    order(a, 1);
    a.claim(TERM + 1);
    a.write();
    CheckpointDropped dropped = (CheckpointDropped) a.told().getFirst();
    assertEquals(TERM, dropped.term());
    assertFalse(entries().contains("step-000000001"));
    ShardBench successor = new ShardBench(run);
    successor.beginTerm(TERM + 1, A, OpenTerm.NEWEST);
    assertEquals(0, successor.standing().version());
    assertEquals(List.of(), entries(), "what is left of a term goes when the next one begins");
  }

  @Test
  void whoseTermIsOverRemovesNothing() throws IOException {
    step(0, false);
    order(b, 1);
    b.write();
    List<String> before = entries();
    ShardBench zombie = new ShardBench(run);
    zombie.join(TERM, A, zombie.trainer().getRef());
    zombie.claim(TERM + 1);
    zombie.tell(new OpenTerm(TERM, OpenTerm.NEWEST, false));
    assertEquals(before, entries());
  }

  @Test
  void aCheckpointThatAnotherHostSeesAndThisOneDoesNotIsNamed() throws IOException {
    ShardBench other = new ShardBench(run);
    other.beginTerm(TERM + 1, B, 5);
    ShardFailed failed = (ShardFailed) other.told().getFirst();
    assertTrue(failed.text().contains("step-000000005"), failed.text());
    assertTrue(failed.text().contains("need the same storage"), failed.text());
  }

  @Test
  void aShardSaysAndSendsWhichSliceItHas() {
    for (ShardBench shard : List.of(a, b)) {
      int slice = shard == a ? 0 : 1;
      Subscriber worker = shard.new Subscriber(1);
      worker.subscribe(TERM, -1);
      assertEquals(slice, ((GpuWorkerCommand.Subscribed) worker.inbox().receiveMessage()).slice());
      List<Tensor> whole = worker.taken();
      assertEquals(slice == 0 ? 3 : 2, whole.size(), "the queue comes with the first slice");
      for (Tensor tensor : whole) {
        assertEquals(slice, Parts.sliceOf(((ChunkId.State) tensor.id()).part()));
      }
      shard.sendStep(TERM, 0);
      shard.apply(TERM, 0, false);
      assertEquals(slice == 0 ? 2 : 1, worker.taken().size());
    }
  }

  @Test
  void aSkippedStepCountsForASliceToo() {
    b.tell(new ShardCommand.Apply(TERM, 0, 0.1, true, false));
    Standing standing = b.standing();
    assertEquals(1, standing.version());
  }
}
