package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.GpuWorkerCommand.Enlist;
import io.urrl.actors.protocol.GpuWorkerCommand.Hold;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunEvent.CheckpointKept;
import io.urrl.actors.protocol.RunEvent.Finished;
import io.urrl.actors.protocol.RunEvent.Started;
import io.urrl.actors.protocol.RunEvent.StepClosed;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.Apply;
import io.urrl.actors.protocol.ShardCommand.BeginTerm;
import io.urrl.actors.protocol.ShardCommand.OpenTerm;
import io.urrl.actors.protocol.ShardCommand.Report;
import io.urrl.actors.protocol.ShardCommand.WriteCheckpoint;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.CheckpointNoted;
import io.urrl.actors.protocol.TrainerCommand.CheckpointWritten;
import io.urrl.actors.protocol.TrainerCommand.Closed;
import io.urrl.actors.protocol.TrainerCommand.Enlisted;
import io.urrl.actors.protocol.TrainerCommand.RecordBegun;
import io.urrl.actors.protocol.TrainerCommand.Recorded;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.protocol.TrainerCommand.TermJoined;
import io.urrl.actors.protocol.TrainerCommand.Working;
import io.urrl.actors.run.TrainerSettings.OnNonFinite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever one message is lost or doubled, the run goes on to its end and does nothing twice. */
class TrainerOrdersTest {
  private static final int MOST_TICKS = 60;
  private static final List<Long> ALL_STEPS =
      LongStream.range(0, TrainerBench.STEPS).boxed().toList();

  enum Fault {
    LOST,
    DOUBLED
  }

  /** Messages that come once in a run, and those that come three times at least. */
  private static final List<Class<?>> ONCE =
      List.of(
          BeginTerm.class,
          TermJoined.class,
          OpenTerm.class,
          Enlist.class,
          Enlisted.class,
          Started.class,
          RecordBegun.class,
          Finished.class,
          Closed.class);

  private static final List<Class<?>> OFTEN =
      List.of(
          Apply.class,
          WriteCheckpoint.class,
          Hold.class,
          StepClosed.class,
          CheckpointKept.class,
          Standing.class,
          Working.class,
          Recorded.class,
          CheckpointWritten.class,
          CheckpointNoted.class);

  private static Stream<Arguments> faults() {
    return Stream.of(Fault.values())
        .flatMap(
            fault ->
                Stream.concat(
                    ONCE.stream().map(kind -> Arguments.of(kind, 0, fault)),
                    OFTEN.stream()
                        .flatMap(
                            kind ->
                                Stream.of(0, 1, 2)
                                    .map(which -> Arguments.of(kind, which, fault)))));
  }

  private final TrainerBench bench = new TrainerBench(OnNonFinite.STOP, 2);
  private final TrainerBench.Shard shard = bench.shard();
  private final TrainerBench.Worker worker = bench.worker();
  private final Queue<TrainerCommand> answers = new ArrayDeque<>();

  private Class<?> kind;
  private int before;
  private Fault fault;
  private boolean struck;

  private int term;
  private long version;
  private long saved;
  private final Map<String, Result> held = new TreeMap<>();
  private final Set<Lease> sent = new HashSet<>();
  private final List<Long> applied = new ArrayList<>();
  private final List<Long> lines = new ArrayList<>();
  private final List<Long> kept = new ArrayList<>();
  private Finished finished;

  /** A micro-batch takes a tick's time. */
  private boolean mayCompute;

  /** How often a message comes: once, but for the one that is lost or doubled. */
  private int copies(Object message) {
    if (struck || !kind.isInstance(message) || before-- > 0) {
      return 1;
    }
    struck = true;
    return fault == Fault.LOST ? 0 : 2;
  }

  @ParameterizedTest
  @MethodSource("faults")
  void theRunEnds(Class<?> ofKind, int which, Fault how) {
    kind = ofKind;
    before = which;
    fault = how;
    boolean closed = false;
    for (int tick = 0; tick < MOST_TICKS && !closed; tick++) {
      mayCompute = true;
      closed = talk() && struck;
      bench.passes(TrainerBench.TICK);
    }
    assertTrue(struck, "no such message came");
    assertNotNull(finished, "the run does not end");
    assertEquals(TrainerBench.STEPS, finished.version());
    assertEquals(ALL_STEPS, applied);
    assertEquals(ALL_STEPS, lines);
    assertEquals(List.of(2L, 4L, 6L), kept);
    talk();
    bench.passes(TrainerBench.TICK);
    bench.heardNo(RunEvent.class);
  }

  /** Everybody says what there is to say; returns whether the end has been heard. */
  private boolean talk() {
    boolean heard = false;
    for (boolean quiet = false; !quiet; ) {
      quiet = true;
      for (ShardCommand command : shard.inbox().getAllReceived()) {
        quiet = false;
        repeat(command, () -> atShard(command));
      }
      for (GpuWorkerCommand command : worker.inbox().getAllReceived()) {
        quiet = false;
        repeat(command, () -> atWorker(command));
      }
      for (RunEvent event : bench.monitor().getAllReceived()) {
        quiet = false;
        repeat(event, () -> atRecorder(event));
      }
      while (!answers.isEmpty()) {
        TrainerCommand answer = answers.remove();
        quiet = false;
        heard |= answer instanceof Closed;
        repeat(answer, () -> bench.tell(answer));
      }
    }
    return heard;
  }

  private void repeat(Object message, Runnable delivery) {
    for (int copies = copies(message); copies > 0; copies--) {
      delivery.run();
    }
  }

  private void atShard(ShardCommand command) {
    switch (command) {
      case BeginTerm begin -> {
        term = begin.term();
        answers.add(new TermJoined(shard.ref(), term, 0, 0));
        return;
      }
      case OpenTerm open -> assertEquals(term, open.term());
      case Apply apply -> {
        assertTrue(apply.step() < lines.size(), "an update that is not on record");
        if (apply.step() == version) {
          applied.add(version++);
          held.values().removeIf(result -> result.id().step() < version);
        }
      }
      case WriteCheckpoint write -> {
        saved = write.version();
        answers.add(new CheckpointWritten(term, saved, "step-" + saved));
        return;
      }
      default -> assertEquals(new Report(term), command);
    }
    stand();
  }

  private void stand() {
    answers.add(
        new Standing(shard.ref(), term, version, saved, "", "a test", List.copyOf(held.values())));
  }

  private void atWorker(GpuWorkerCommand command) {
    if (command instanceof Hold hold) {
      sent.retainAll(hold.leases());
      for (Lease lease : hold.leases()) {
        if (mayCompute && lease.id().step() == version && sent.add(lease)) {
          mayCompute = false;
          held.put(lease.id().toString(), Results.of(lease));
          stand();
        }
      }
      answers.add(new Working(worker.ref(), hold.term(), List.copyOf(sent)));
    } else {
      answers.add(new Enlisted(worker.ref(), ((Enlist) command).term(), 2, "cpu"));
    }
  }

  private void atRecorder(RunEvent event) {
    switch (event) {
      case Started started -> answers.add(new RecordBegun(started.term()));
      case StepClosed closed -> {
        if (closed.step() == lines.size()) {
          lines.add(closed.step());
        }
        answers.add(new Recorded(closed.term(), lines.size()));
      }
      case CheckpointKept checkpoint -> {
        if (!kept.contains(checkpoint.version())) {
          kept.add(checkpoint.version());
        }
        answers.add(new CheckpointNoted(checkpoint.version()));
      }
      case Finished end -> {
        finished = end;
        answers.add(new Closed());
      }
      default -> assertTrue(event instanceof RunEvent.Notice, event::toString);
    }
  }
}
