package io.urrl.launch.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.plan.LearningRate;
import io.urrl.actors.protocol.RunBrief.EncoderBrief;
import io.urrl.actors.run.TrainerSettings.OnNonFinite;
import io.urrl.actors.stream.StreamSettings;
import io.urrl.augment.data.PictureSets;
import io.urrl.gpu.nn.CpuInstructions;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.launch.UsageException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of a run, checked. Every component is the key of the same name in {@code
 * cluster.conf}.
 *
 * @param config everything, for the record and for Pekko
 */
public record Settings(
    Config config,
    String runDirectory,
    String source,
    double maxBroken,
    String recipe,
    EncoderBrief encoder,
    int imageSize,
    Train train,
    Workers workers,
    Cluster cluster,
    int slices,
    StreamSettings stream,
    int checkpointEvery,
    int checkpointKeep,
    Evaluate evaluate,
    Augment augment) {

  /** Section {@code train}. */
  public record Train(
      int epochs,
      long maxSteps,
      int batch,
      int microBatch,
      int groups,
      int queue,
      double momentum,
      double temperature,
      double lr,
      double sgdMomentum,
      double weightDecay,
      String schedule,
      int warmupSteps,
      long seed,
      int staleness,
      boolean exact,
      OnNonFinite onNan) {

    /** The learning rate of every step of a schedule of {@code steps}. */
    public LearningRate rate(long steps) {
      return switch (schedule) {
        case "cosine" -> new LearningRate.Cosine(lr, steps, warmupSteps);
        case "step" -> new LearningRate.Step(lr, milestones(steps), 0.1, warmupSteps);
        case "constant" -> new LearningRate.Constant(lr, warmupSteps);
        default -> throw new IllegalStateException(schedule);
      };
    }

    /** At 60 % and at 80 % of the way, as the linear evaluation's schedule has it. */
    private static List<Long> milestones(long steps) {
      return Stream.of((steps * 6 + 9) / 10, (steps * 8 + 9) / 10).distinct().toList();
    }
  }

  /** Section {@code workers}. */
  public record Workers(
      int gpu,
      int augment,
      int parameters,
      int tensorThreads,
      String tensorIsa,
      int prefetch,
      Duration leaseTimeout,
      Duration viewTimeout,
      int samplesPerTask) {}

  /** Section {@code cluster}. */
  public record Cluster(
      String host,
      int port,
      List<HostPort> seedNodes,
      boolean unsafeBind,
      Duration failureTimeout,
      PathMapping paths) {}

  /** Section {@code evaluate}. */
  public record Evaluate(
      int knnEvery,
      int knnNeighbours,
      double knnTemperature,
      int linearEpochs,
      double linearRate,
      int linearBatch) {}

  /**
   * Section {@code augment}.
   *
   * @param max 0 for the cores of the machine
   */
  public record Augment(boolean autoscale, int min, int max) {}

  /**
   * Reads and checks settings.
   *
   * @param config defaults with everything that overrides them
   * @throws UsageException when a value is of a wrong type or does not fit the others
   */
  public static Settings of(Config config) {
    try {
      return read(config);
    } catch (ConfigException | IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /**
   * These settings with the tensor library's threads and instructions as this machine resolves
   * them, for a run that begins here.
   */
  public Settings onThisMachine() {
    return of(onThisMachine(config));
  }

  /** The same of settings that are not checked yet. */
  public static Config onThisMachine(Config config) {
    CpuInstructions instructions;
    try {
      instructions = CpuInstructions.named(SettingsTable.TENSOR_ISA.of(config));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
    int threads = TensorRuntime.resolvedThreads(SettingsTable.TENSOR_THREADS.of(config));
    return config
        .withValue(SettingsTable.TENSOR_THREADS.path(), ConfigValueFactory.fromAnyRef(threads))
        .withValue(
            SettingsTable.TENSOR_ISA.path(), ConfigValueFactory.fromAnyRef(instructions.key()));
  }

  /** The same with the whole path of the data set, so that the run goes on from any directory. */
  public Settings withAbsoluteSource() {
    return of(
        config.withValue(
            SettingsTable.SOURCE.path(),
            ConfigValueFactory.fromAnyRef(
                PictureSets.absolute(source), "the directory that urrl was started in")));
  }

  /** What the run trains for. */
  public Objective objective() {
    return Recipes.objective(config);
  }

  /** Name of the recipe that its views are made by. */
  public String viewRecipe() {
    return Recipes.views(config);
  }

  private static Settings read(Config config) {
    Settings settings =
        new Settings(
            config,
            SettingsTable.RUN_DIR.of(config),
            SettingsTable.SOURCE.of(config),
            SettingsTable.MAX_BROKEN.of(config),
            SettingsTable.RECIPE.of(config),
            new EncoderBrief(
                SettingsTable.ARCH.of(config),
                SettingsTable.WIDTH.of(config),
                SettingsTable.STEM.of(config),
                SettingsTable.HIDDEN.of(config),
                SettingsTable.DIM.of(config)),
            SettingsTable.IMAGE_SIZE.of(config),
            train(config),
            workers(config),
            cluster(config),
            SettingsTable.SLICES.of(config),
            stream(config),
            SettingsTable.CHECKPOINT_EVERY.of(config),
            SettingsTable.CHECKPOINT_KEEP.of(config),
            evaluate(config),
            new Augment(
                SettingsTable.AUTOSCALE.of(config),
                SettingsTable.AUGMENT_MIN.of(config),
                SettingsTable.AUGMENT_MAX.of(config)));
    SettingsCheck.check(settings);
    return settings;
  }

  private static Train train(Config config) {
    return new Train(
        SettingsTable.EPOCHS.of(config),
        SettingsTable.MAX_STEPS.of(config),
        SettingsTable.BATCH.of(config),
        SettingsTable.MICRO_BATCH.of(config),
        SettingsTable.GROUPS.of(config),
        SettingsTable.QUEUE.of(config),
        SettingsTable.MOMENTUM.of(config),
        SettingsTable.TEMPERATURE.of(config),
        SettingsTable.LR.of(config),
        SettingsTable.SGD_MOMENTUM.of(config),
        SettingsTable.WEIGHT_DECAY.of(config),
        SettingsTable.SCHEDULE.of(config),
        SettingsTable.WARMUP_STEPS.of(config),
        SettingsTable.SEED.of(config),
        SettingsTable.STALENESS.of(config),
        SettingsTable.EXACT_BITS.of(config),
        SettingsTable.ON_NAN.of(config));
  }

  private static Workers workers(Config config) {
    return new Workers(
        SettingsTable.GPU_WORKERS.of(config),
        SettingsTable.AUGMENT_WORKERS.of(config),
        SettingsTable.PARAMETER_SHARDS.of(config),
        SettingsTable.TENSOR_THREADS.of(config),
        SettingsTable.TENSOR_ISA.of(config),
        SettingsTable.PREFETCH.of(config),
        SettingsTable.LEASE_TIMEOUT.of(config),
        SettingsTable.VIEW_TIMEOUT.of(config),
        SettingsTable.SAMPLES_PER_TASK.of(config));
  }

  private static Cluster cluster(Config config) {
    return new Cluster(
        SettingsTable.CLUSTER_HOST.of(config),
        SettingsTable.CLUSTER_PORT.of(config),
        SettingsTable.SEED_NODES.of(config),
        SettingsTable.UNSAFE_BIND.of(config),
        SettingsTable.FAILURE_TIMEOUT.of(config),
        SettingsTable.PATHS.of(config));
  }

  private static StreamSettings stream(Config config) {
    String own = SettingsTable.STREAM_HOST.of(config);
    String host = own.isEmpty() ? SettingsTable.CLUSTER_HOST.of(config) : own;
    int mtu = SettingsTable.MTU.of(config);
    return new StreamSettings(
        SettingsTable.AERON_DIRECTORY.of(config),
        SettingsTable.STREAM_MODE.of(config),
        host,
        mtu == 0 ? StreamSettings.mtu(host) : mtu,
        SettingsTable.TERM_LENGTH.of(config),
        SettingsTable.SEND_TIMEOUT.of(config));
  }

  private static Evaluate evaluate(Config config) {
    return new Evaluate(
        SettingsTable.KNN_EVERY.of(config),
        SettingsTable.KNN_NEIGHBOURS.of(config),
        SettingsTable.KNN_TEMPERATURE.of(config),
        SettingsTable.LINEAR_EPOCHS.of(config),
        SettingsTable.LINEAR_LR.of(config),
        SettingsTable.LINEAR_BATCH.of(config));
  }
}
