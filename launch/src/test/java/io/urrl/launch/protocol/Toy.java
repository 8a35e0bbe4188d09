package io.urrl.launch.protocol;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.plan.LearningRate;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.TrainerCommand.PictureBroken;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.run.TrainerSettings;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.augment.worker.ViewSource;
import io.urrl.gpu.pretext.MicroBatchResult;
import io.urrl.gpu.pretext.Pretext;
import io.urrl.gpu.pretext.PretextEngine;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.StateLayout;
import io.urrl.parameters.shard.ShardState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A run so small that thousands fit into a minute: a gradient is a hash of everything that a real
 * one depends on, so that whatever is not as it should be ends in other bits.
 */
final class Toy {
  static final int DIM = 3;
  static final int KEYS = 16;
  static final int GROUPS = 2;
  static final int IMAGE = 2;

  private static final Objective OBJECTIVE = Moco.of(KEYS, DIM, 0.9f, 0.2f);
  private static final TensorLayout PARAMETERS =
      TensorLayout.builder().add("a", 5, 14).add("b", 7).build();
  private static final TensorLayout BUFFERS =
      TensorLayout.builder().add("running_mean", 2).add("running_var", 2).build();

  static RunBrief brief(int staleness) {
    return new RunBrief(
        7,
        new RunPlan(11, true, 20, 2, 0, 8, 4, GROUPS),
        new RunBrief.ViewBrief(DataSet.unchecked("toy"), "toy", IMAGE),
        new RunBrief.EncoderBrief("toy", 1, "toy", 0, DIM),
        OBJECTIVE,
        staleness,
        1,
        0);
  }

  static TrainerSettings settings(int staleness, int slices, int shards) {
    return new TrainerSettings(
        brief(staleness),
        new LearningRate.Constant(0.1, 0),
        2,
        0,
        TrainerSettings.OnNonFinite.STOP,
        1,
        Duration.ofSeconds(20),
        0,
        slices,
        shards);
  }

  static ShardState.Facts facts() {
    return new ShardState.Facts(
        new StateLayout(PARAMETERS, BUFFERS, OBJECTIVE), 0.9, 1e-4, 1, "toy", "toy", Map.of());
  }

  static void initialise(ParameterState state) {
    fill(state.parameters(), 1);
    state.companions().forEach(companion -> companion.initialise(1));
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 31)) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }

  /** Floats from 0 to 1. */
  private static void fill(MemorySegment floats, long seed) {
    for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
      float value = (mix(seed + i * 0x632BE59BD9B4E019L) >>> 40) * 0x1p-24f;
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }

  private static MemorySegment filled(long bytes, long seed) {
    MemorySegment memory = Arena.ofAuto().allocate(bytes, 64);
    fill(memory, seed);
    return memory;
  }

  /** Bytes that depend on sample, epoch and view. */
  static final class Views implements ViewSource {
    @Override
    public void prepare(ViewTask task) {
      // Nothing is read ahead.
    }

    @Override
    public int make(
        ViewTask task, ViewTask.Item item, MemorySegment bytes, Consumer<PictureBroken> broken) {
      long name = mix(task.seed() * 31 + item.epoch() * 1_000_003L + item.sample());
      for (long i = 0; i < bytes.byteSize(); i++) {
        bytes.set(ValueLayout.JAVA_BYTE, i, (byte) mix(name + i));
      }
      return item.sample();
    }
  }

  /** Computes hashes. */
  static final class Engine implements PretextEngine {
    @Override
    public PretextEngine withThreads(int threads) {
      return this;
    }

    @Override
    public String describe() {
      return "toy";
    }

    @Override
    public long probe() {
      return 0;
    }

    @Override
    public Pretext open(RunBrief brief) {
      return new Encoders(brief);
    }
  }

  private static final class Encoders implements Pretext {
    private final RunBrief brief;
    private final MemorySegment key = Arena.ofAuto().allocate(PARAMETERS.byteSize(), 64);
    private final MemorySegment queue =
        Arena.ofAuto().allocate((long) KEYS * DIM * Float.BYTES, 64);
    private MemorySegment query = Arena.ofAuto().allocate(PARAMETERS.byteSize(), 64);

    Encoders(RunBrief brief) {
      this.brief = brief;
    }

    @Override
    public MemorySegment parameters() {
      return query;
    }

    @Override
    public MemorySegment exchangeParameters(MemorySegment fresh) {
      MemorySegment before = query;
      query = fresh;
      return before;
    }

    @Override
    public MemorySegment momentumEncoder() {
      return key;
    }

    @Override
    public MemorySegment companion(int index) {
      return queue;
    }

    @Override
    public MicroBatchResult run(List<MemorySegment> views) {
      long hash =
          TensorDigest.combine(
              TensorDigest.of(query),
              TensorDigest.of(key),
              TensorDigest.of(queue),
              TensorDigest.of(views.get(0)),
              TensorDigest.of(views.get(1)));
      MemorySegment gradient = filled(PARAMETERS.byteSize(), hash);
      MemorySegment[] gradients =
          PARAMETERS.entries().stream()
              .map(
                  entry ->
                      gradient.asSlice(entry.offset() * Float.BYTES, entry.length() * Float.BYTES))
              .toArray(MemorySegment[]::new);
      return new MicroBatchResult(
          (hash >>> 40) * 0x1p-24,
          0.5,
          "",
          List.of(
              filled((long) brief.plan().microBatch() * DIM * Float.BYTES, hash + 1),
              filled(GROUPS * BUFFERS.byteSize(), hash + 2),
              filled(GROUPS * BUFFERS.byteSize(), hash + 3)),
          PARAMETERS,
          gradients,
          TensorDigest.of(gradient));
    }

    @Override
    public void close() {
      // Memory goes when nobody knows it.
    }
  }

  private Toy() {}
}
