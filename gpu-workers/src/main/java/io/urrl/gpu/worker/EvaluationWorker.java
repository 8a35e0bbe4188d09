package io.urrl.gpu.worker;

import io.urrl.actors.objective.Views;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationCommand.Evaluate;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand.DataRefused;
import io.urrl.actors.protocol.TrainerCommand.PictureBroken;
import io.urrl.actors.protocol.TrainerCommand.TaskId;
import io.urrl.actors.protocol.TrainerCommand.ViewReport;
import io.urrl.actors.protocol.TrainerCommand.ViewsFailed;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.protocol.ViewTask.Split;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.gpu.nn.TensorRuntime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Does one evaluation job at a time: fetches the training and the test pictures in blocks from the
 * same supply that feeds pre-training, turns each block into features as it comes in, and judges
 * the features when all are there.
 *
 * <p>It runs on a pinned dispatcher. Whatever goes wrong inside a job ends the job with a text for
 * people; the worker lives on.
 */
public final class EvaluationWorker {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int BLOCK = 250;

  /** Bytes of a block; where pictures are large, fewer make one. */
  private static final int BLOCK_BYTES = 1 << 28;

  private static final int WINDOW = 3;

  private record BlockComplete(long pass, PictureBlock block)
      implements EvaluationCommand.Internal {}

  private record Heard(ViewReport report) implements EvaluationCommand.Internal {}

  private enum Tick implements EvaluationCommand.Internal {
    TICK
  }

  private final ActorContext<EvaluationCommand> context;
  private final DataPlane streams;
  private final TensorRuntime runtime;
  private final EvaluationInbox inbox;
  private final StreamAddress address;
  private final ActorRef<ViewReport> reports;
  private final Map<Integer, PictureBlock> fetched = new HashMap<>();

  /** Picture tasks that failed once, and the worker at which they did. */
  private final Map<TaskId, String> failed = new HashMap<>();

  private Evaluate work;

  /** What came of the job before, for those who did not hear it. */
  private Outcome last;

  private Features features;
  private Split split;
  private long pass;
  private long startedAt;
  private int nextBlock;
  private int openBlocks;
  private int taken;

  private EvaluationWorker(
      ActorContext<EvaluationCommand> context, DataPlane streams, TensorRuntime runtime) {
    this.context = context;
    this.streams = streams;
    this.runtime = runtime;
    ActorRef<EvaluationCommand> self = context.getSelf();
    inbox =
        new EvaluationInbox(
            streams.counters(), (p, block) -> self.tell(new BlockComplete(p, block)));
    address = streams.receive(inbox);
    reports = context.messageAdapter(ViewReport.class, Heard::new);
  }

  /** A worker without a job. */
  public static Behavior<EvaluationCommand> create(DataPlane streams, TensorRuntime runtime) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> start(context, timers, streams, runtime)));
  }

  private static Behavior<EvaluationCommand> start(
      ActorContext<EvaluationCommand> context,
      TimerScheduler<EvaluationCommand> timers,
      DataPlane streams,
      TensorRuntime runtime) {
    EvaluationWorker worker = new EvaluationWorker(context, streams, runtime);
    timers.startTimerWithFixedDelay(Tick.TICK, TICK);
    context
        .getSystem()
        .receptionist()
        .tell(Receptionist.register(ServiceKeys.EVALUATION_WORKERS, context.getSelf()));
    return Behaviors.receive(EvaluationCommand.class)
        .onAnyMessage(worker::on)
        .onSignal(PostStop.class, signal -> worker.onPostStop())
        .build();
  }

  private Behavior<EvaluationCommand> on(EvaluationCommand command) {
    try {
      switch (command) {
        case Evaluate evaluate -> onEvaluate(evaluate);
        case BlockComplete complete -> onBlock(complete);
        case Heard heard -> onReport(heard.report());
        case Tick tick -> fetchAgain();
        case EvaluationCommand.Internal internal ->
            throw new IllegalStateException("not an event of an evaluation worker: " + internal);
      }
    } catch (RuntimeException e) {
      if (work == null) {
        throw e;
      }
      context.getLog().debug("evaluation failed", e);
      end(new Outcome.Failed(job().id(), job().title(), String.valueOf(e.getMessage())));
    }
    return Behaviors.same();
  }

  /** A job has no terms. */
  private Fence fence() {
    return new Fence(job().id(), 0);
  }

  private EvaluationJob job() {
    return work.job();
  }

  private void onEvaluate(Evaluate evaluate) {
    long id = evaluate.job().id();
    if (last != null && last.job() == id) {
      evaluate.replyTo().tell(last);
    } else if (work != null && job().id() == id) {
      work = evaluate;
    } else {
      giveUp();
      begin(evaluate);
    }
  }

  private void begin(Evaluate evaluate) {
    work = evaluate;
    startedAt = System.nanoTime();
    taken = 0;
    features = Features.of(job(), runtime);
    beginSplit(Split.TRAIN);
  }

  private void beginSplit(Split next) {
    split = next;
    nextBlock = 0;
    openBlocks = 0;
    fetched.clear();
    failed.clear();
    long current = ++pass;
    Fence fence = fence();
    streams.execute(() -> inbox.begin(fence, current));
    fetchAhead();
  }

  private int pictures() {
    return split == Split.TRAIN ? job().data().train() : job().data().test();
  }

  /** Pictures in a block. */
  static int block(int imageSize) {
    return Math.clamp(BLOCK_BYTES / (3L * imageSize * imageSize), 1, BLOCK);
  }

  private void fetchAhead() {
    int size = block(job().data().imageSize());
    while (openBlocks < WINDOW && (long) nextBlock * size < pictures()) {
      int first = nextBlock * size;
      int count = Math.min(size, pictures() - first);
      PictureBlock block = new PictureBlock(nextBlock, first, count, job().data().imageSize());
      fetched.put(nextBlock, block);
      nextBlock++;
      openBlocks++;
      streams.execute(() -> inbox.expect(block));
      fetch(block, IntStream.range(0, count).toArray());
    }
  }

  private void fetch(PictureBlock block, int[] places) {
    work.supply()
        .tell(
            new SupplyCommand.Fetch(
                new ViewTask(
                    job().data().set(),
                    split,
                    Views.LABELLED,
                    "",
                    job().data().imageSize(),
                    0,
                    address,
                    fence(),
                    pass,
                    block.index(),
                    IntStream.of(places)
                        .mapToObj(place -> new ViewTask.Item(place, 0, block.first() + place))
                        .toList(),
                    reports),
                context.getSelf()));
  }

  /** What is missing is asked for again: the supply knows whether somebody is at it. */
  private void fetchAgain() {
    if (work != null && features != null) {
      for (PictureBlock block : fetched.values()) {
        if (!block.complete()) {
          fetch(block, IntStream.range(0, block.count()).filter(block::lacks).toArray());
        }
      }
    }
  }

  private void onBlock(BlockComplete complete) {
    if (work == null || complete.pass() != pass) {
      return;
    }
    PictureBlock block = complete.block();
    int[] damaged = block.damaged();
    if (damaged.length > 0) {
      context
          .getLog()
          .warn("{} pictures changed on their way; fetching them again", damaged.length);
      IntStream.of(damaged).forEach(block::forget);
      streams.execute(() -> inbox.expect(block));
      fetch(block, damaged);
      return;
    }
    fetched.remove(block.index());
    openBlocks--;
    fetchAhead();
    features.add(split, block);
    taken += block.count();
    report("pictures", taken, job().data().train() + job().data().test());
    if (openBlocks == 0) {
      if (split == Split.TRAIN) {
        beginSplit(Split.TEST);
      } else {
        double seconds = (System.nanoTime() - startedAt) * 1e-9;
        end(features.judge(seconds, (done, total) -> report("epochs of the probe", done, total)));
      }
    }
  }

  private void report(String unit, int done, int total) {
    work.replyTo()
        .tell(new EvaluationCommand.Progress(job().id(), job().title(), unit, done, total));
  }

  private void onReport(ViewReport report) {
    switch (report) {
      case PictureBroken picture ->
          context.getLog().warn("skipping {}: {}", picture.name(), picture.reason());
      case ViewsFailed views -> onViewsFailed(views);
      case DataRefused refused -> context.getLog().warn(refused.text());
    }
  }

  /** The first failure may be its worker's; the second one is the task's. */
  private void onViewsFailed(ViewsFailed views) {
    if (work == null || views.task().step() != pass) {
      return;
    }
    String first = failed.putIfAbsent(views.task(), views.worker());
    if (first == null) {
      context.getLog().warn("trying once more: {}", views.text());
    } else if (!first.equals(views.worker())) {
      end(new Outcome.Failed(job().id(), job().title(), views.text() + " (tried twice)"));
    }
  }

  private void end(Outcome outcome) {
    last = outcome;
    work.replyTo().tell(outcome);
    giveUp();
  }

  private void giveUp() {
    if (features != null) {
      features.close();
    }
    work = null;
    features = null;
    long current = ++pass;
    streams.execute(() -> inbox.begin(Fence.NONE, current));
  }

  private Behavior<EvaluationCommand> onPostStop() {
    streams.stop(address);
    if (features != null) {
      features.close();
    }
    return Behaviors.same();
  }
}
