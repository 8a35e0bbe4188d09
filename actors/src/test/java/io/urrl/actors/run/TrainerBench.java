package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.plan.LearningRate;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.GpuWorkerCommand.Enlist;
import io.urrl.actors.protocol.GpuWorkerCommand.Hold;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.TrainerSettings.OnNonFinite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/** A trainer whose shard, workers and recorder the test plays: two micro-batches a step. */
final class TrainerBench {
  static final long STEPS = 6;
  static final Duration TICK = Duration.ofMillis(500);
  static final Duration LONGEST_DEADLINE = Duration.ofMinutes(1);

  private static final RunBrief BRIEF =
      new RunBrief(
          1,
          new RunPlan(1, true, 32, 3, 0, 16, 8, 2),
          new RunBrief.ViewBrief(DataSet.unchecked("shapes"), "urrl", 32),
          new RunBrief.EncoderBrief("resnet18", 8, "cifar", 0, 16),
          Moco.of(64, 16, 0.99f, 0.2f),
          0,
          1,
          0);

  private final TestInbox<RunEvent> monitor = TestInbox.create("monitor");
  private final TestInbox<SupplyCommand> supply = TestInbox.create("supply");
  private final List<Integer> claimed = new ArrayList<>();
  private final TimedActor<TrainerCommand> trainer;
  private final Set<ActorRef<ShardCommand>> shards = new HashSet<>();
  private final Set<ActorRef<GpuWorkerCommand>> workers = new HashSet<>();

  /** A trainer that stops at NaN and writes no checkpoint but the last. */
  TrainerBench() {
    this(OnNonFinite.STOP, 0);
  }

  TrainerBench(OnNonFinite onNonFinite, int checkpointEvery) {
    this(onNonFinite, checkpointEvery, 0, 1);
  }

  /**
   * @param slices shards of a term, 0 for all
   * @param expected shards that are waited for
   */
  TrainerBench(OnNonFinite onNonFinite, int checkpointEvery, int slices, int expected) {
    TrainerSettings settings =
        new TrainerSettings(
            BRIEF,
            new LearningRate.Constant(0.1, 0),
            checkpointEvery,
            0,
            onNonFinite,
            0,
            LONGEST_DEADLINE,
            0,
            slices,
            expected);
    trainer =
        new TimedActor<>(
            "trainer",
            millis ->
                Trainer.create(settings, supply.getRef(), monitor.getRef(), this::claim, millis));
  }

  private int claim(int above) {
    int highest = claimed.isEmpty() ? 0 : claimed.getLast();
    claimed.add(Math.max(above, highest) + 1);
    return claimed.getLast();
  }

  /** All terms that were claimed. */
  List<Integer> claimed() {
    return claimed;
  }

  /** A parameter shard. */
  final class Shard {
    private final TestInbox<ShardCommand> inbox;
    private int term;
    private long version;
    private long saved;
    private String checkpoint = "";

    Shard(String name) {
      inbox = TestInbox.create(name);
    }

    ActorRef<ShardCommand> ref() {
      return inbox.getRef();
    }

    TestInbox<ShardCommand> inbox() {
      return inbox;
    }

    int term() {
      return term;
    }

    /** What the shard was told of one kind since anything was asked before: one message. */
    <V extends ShardCommand> V told(Class<V> kind) {
      return only(TimedActor.allOf(inbox, kind), kind);
    }

    void toldNo(Class<? extends ShardCommand> kind) {
      assertEquals(List.of(), TimedActor.allOf(inbox, kind));
    }

    /** Joins the term that the trainer begins, with nothing in hand, and opens it at a version. */
    void begin(long version, long saved, String checkpoint) {
      join(0, 0);
      assertFalse(open(version, saved, checkpoint).keep());
    }

    /** Joins the term that the trainer begins. */
    ShardCommand.BeginTerm join(int heldTerm, long heldVersion) {
      ShardCommand.BeginTerm begin = told(ShardCommand.BeginTerm.class);
      term = begin.term();
      trainer.tell(new TrainerCommand.TermJoined(ref(), term, heldTerm, heldVersion));
      return begin;
    }

    /** Opens the term as the trainer orders. */
    ShardCommand.OpenTerm open(long version, long saved, String checkpoint) {
      ShardCommand.OpenTerm order = told(ShardCommand.OpenTerm.class);
      assertEquals(term, order.term());
      this.version = version;
      this.saved = saved;
      this.checkpoint = checkpoint;
      stand();
      return order;
    }

    void stand(Result... results) {
      stand(term, results);
    }

    void stand(int ofTerm, Result... results) {
      trainer.tell(
          new TrainerCommand.Standing(
              ref(), ofTerm, version, saved, checkpoint, "a test", Arrays.asList(results)));
    }

    /** Applies the step that it is told to. */
    void apply() {
      ShardCommand.Apply apply = told(ShardCommand.Apply.class);
      assertEquals(version, apply.step());
      version++;
      stand();
    }

    /** Writes the checkpoint that it is told to. */
    void write(long expected) {
      assertEquals(expected, told(ShardCommand.WriteCheckpoint.class).version());
      saved = expected;
      checkpoint = "step-" + expected;
      trainer.tell(new TrainerCommand.CheckpointWritten(term, expected, checkpoint));
    }

    /** Writes its slice of the checkpoint that it is told to. */
    void writeSlice(long expected) {
      assertEquals(expected, told(ShardCommand.WriteCheckpoint.class).version());
      trainer.tell(new TrainerCommand.SliceWritten(ref(), term, expected));
    }

    void die() {
      shards.remove(ref());
      trainer.terminated(ref());
    }
  }

  /** A GPU worker. */
  final class Worker {
    private final TestInbox<GpuWorkerCommand> inbox = TestInbox.create("worker");
    private List<Lease> leases = List.of();

    ActorRef<GpuWorkerCommand> ref() {
      return inbox.getRef();
    }

    TestInbox<GpuWorkerCommand> inbox() {
      return inbox;
    }

    int enlist(int capacity) {
      int term = only(TimedActor.allOf(inbox, Enlist.class), Enlist.class).term();
      trainer.tell(new TrainerCommand.Enlisted(ref(), term, capacity, "cpu"));
      return term;
    }

    void refuse() {
      int term = only(TimedActor.allOf(inbox, Enlist.class), Enlist.class).term();
      trainer.tell(new TrainerCommand.Refused(ref(), term, "other bits"));
    }

    /** What it holds by the newest message. */
    List<Lease> leases() {
      for (Hold hold : TimedActor.allOf(inbox, Hold.class)) {
        leases = hold.leases();
      }
      return leases;
    }

    void sent(int term, Lease... sent) {
      trainer.tell(new TrainerCommand.Working(ref(), term, Arrays.asList(sent)));
    }

    void die() {
      workers.remove(ref());
      trainer.terminated(ref());
    }
  }

  TimedActor<TrainerCommand> trainer() {
    return trainer;
  }

  TestInbox<RunEvent> monitor() {
    return monitor;
  }

  void tell(TrainerCommand command) {
    trainer.tell(command);
  }

  void passes(Duration time) {
    trainer.passes(time);
  }

  /** A shard that makes itself known. */
  Shard shard() {
    return shard("shard");
  }

  /** The same of a name. */
  Shard shard(String name) {
    Shard shard = new Shard(name);
    shards.add(shard.ref());
    trainer.lists(ServiceKeys.SHARDS, shards);
    return shard;
  }

  /** A shard at a version of which there is a checkpoint, and its record. */
  Shard shardAt(long version) {
    Shard shard = shard();
    shard.begin(version, version, version == 0 ? "" : "step-" + version);
    beginRecord(version);
    return shard;
  }

  /** A worker that makes itself known. */
  Worker worker() {
    Worker worker = new Worker();
    workers.add(worker.ref());
    trainer.lists(ServiceKeys.GPU_WORKERS, workers);
    return worker;
  }

  private static <V> V only(List<? extends V> all, Class<V> kind) {
    assertEquals(1, all.size(), () -> kind.getSimpleName() + ": " + all);
    return all.getFirst();
  }

  /** What the monitor heard of one kind since anything was asked before: one message. */
  <V extends RunEvent> V heard(Class<V> kind) {
    return only(TimedActor.allOf(monitor, kind), kind);
  }

  void heardNo(Class<? extends RunEvent> kind) {
    assertEquals(List.of(), TimedActor.allOf(monitor, kind));
  }

  String notice() {
    return heard(RunEvent.Notice.class).text();
  }

  /** The recorder takes up the term at a version. */
  void beginRecord(long version) {
    RunEvent.Started started = heard(RunEvent.Started.class);
    assertEquals(version, started.version());
    trainer.tell(new TrainerCommand.RecordBegun(started.term()));
  }

  /** The recorder writes down the step that is closed. */
  RunEvent.StepClosed record() {
    RunEvent.StepClosed closed = heard(RunEvent.StepClosed.class);
    trainer.tell(new TrainerCommand.Recorded(closed.term(), closed.step() + 1));
    return closed;
  }

  /** One step from its results to its update. */
  void step(Shard shard, Worker worker) {
    List<Lease> leases = worker.leases();
    assertEquals(2, leases.size());
    shard.stand(Results.of(leases.getFirst()), Results.of(leases.getLast()));
    record();
    shard.apply();
  }

  /** The recorder knows of a checkpoint. */
  void note(long version) {
    assertEquals(version, heard(RunEvent.CheckpointKept.class).version());
    trainer.tell(new TrainerCommand.CheckpointNoted(version));
  }

  RunEvent.Finished expectStopped(long version) {
    RunEvent.Finished finished = heard(RunEvent.Finished.class);
    assertTrue(finished.stopped());
    assertEquals(version, finished.version());
    return finished;
  }
}
