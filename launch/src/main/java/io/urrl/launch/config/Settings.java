package io.urrl.launch.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
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
    StreamSettings stream,
    int checkpointEvery,
    int checkpointKeep,
    Evaluate evaluate) {

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
        default ->
            throw new UsageException(
                "urrl.train.schedule " + schedule + " is unknown: give cosine, step or constant");
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
      int tensorThreads,
      String tensorIsa,
      int prefetch,
      Duration leaseTimeout,
      Duration viewTimeout,
      int samplesPerTask) {}

  /** Section {@code evaluate}. */
  public record Evaluate(
      int knnEvery,
      int knnNeighbours,
      double knnTemperature,
      int linearEpochs,
      double linearRate,
      int linearBatch) {}

  /**
   * Reads and checks settings.
   *
   * @param config defaults with everything that overrides them
   * @throws UsageException when a value is of a wrong type or does not fit the others
   */
  public static Settings of(Config config) {
    Config urrl = config.getConfig("urrl");
    try {
      return read(config, urrl);
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
    Config workers = config.getConfig("urrl.workers");
    CpuInstructions instructions;
    try {
      instructions = CpuInstructions.named(workers.getString("tensor-isa"));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
    return config
        .withValue(
            "urrl.workers.tensor-threads",
            ConfigValueFactory.fromAnyRef(
                TensorRuntime.resolvedThreads(workers.getInt("tensor-threads"))))
        .withValue("urrl.workers.tensor-isa", ConfigValueFactory.fromAnyRef(instructions.key()));
  }

  /** The same with the whole path of the data set, so that the run goes on from any directory. */
  public Settings withAbsoluteSource() {
    return of(
        config.withValue(
            "urrl.data.source",
            ConfigValueFactory.fromAnyRef(
                PictureSets.absolute(source), "the directory that urrl was started in")));
  }

  private static Settings read(Config config, Config urrl) {
    Config train = urrl.getConfig("train");
    Config workers = urrl.getConfig("workers");
    Config stream = urrl.getConfig("stream");
    Config evaluate = urrl.getConfig("evaluate");
    Config encoder = urrl.getConfig("encoder");
    Settings settings =
        new Settings(
            config,
            urrl.getString("run.dir"),
            urrl.getString("data.source"),
            urrl.getDouble("data.max-broken"),
            urrl.getString("recipe"),
            new EncoderBrief(
                encoder.getString("arch"),
                encoder.getInt("width"),
                encoder.getString("stem"),
                encoder.getInt("hidden"),
                encoder.getInt("dim")),
            encoder.getInt("image-size"),
            new Train(
                train.getInt("epochs"),
                train.getLong("max-steps"),
                train.getInt("batch"),
                train.getInt("micro-batch"),
                train.getInt("bn-groups"),
                train.getInt("queue"),
                train.getDouble("momentum"),
                train.getDouble("temperature"),
                train.getDouble("lr"),
                train.getDouble("sgd-momentum"),
                train.getDouble("weight-decay"),
                train.getString("schedule"),
                train.getInt("warmup-steps"),
                train.getLong("seed"),
                train.getInt("staleness"),
                exact(train.getString("exact")),
                onNan(train.getString("on-nan"))),
            new Workers(
                workers.getInt("gpu"),
                workers.getInt("augment"),
                workers.getInt("tensor-threads"),
                workers.getString("tensor-isa"),
                workers.getInt("prefetch"),
                seconds(workers, "lease-timeout"),
                seconds(workers, "view-timeout"),
                workers.getInt("samples-per-task")),
            new StreamSettings(
                stream.getString("aeron-directory"),
                mode(stream.getString("mode")),
                stream.getString("host"),
                stream.getInt("mtu"),
                stream.getInt("term-length"),
                seconds(stream, "send-timeout")),
            urrl.getInt("checkpoint.every"),
            urrl.getInt("checkpoint.keep"),
            new Evaluate(
                evaluate.getInt("knn-every"),
                evaluate.getInt("knn-neighbours"),
                evaluate.getDouble("knn-temperature"),
                evaluate.getInt("linear.epochs"),
                evaluate.getDouble("linear.lr"),
                evaluate.getInt("linear.batch")));
    SettingsCheck.check(settings);
    return settings;
  }

  private static boolean exact(String name) {
    return switch (name) {
      case "strict" -> true;
      case "relaxed" -> false;
      default ->
          throw new UsageException("train.exact " + name + " is unknown: give strict or relaxed");
    };
  }

  private static OnNonFinite onNan(String name) {
    return switch (name) {
      case "stop" -> OnNonFinite.STOP;
      case "skip" -> OnNonFinite.SKIP;
      default -> throw new UsageException("on-nan " + name + " is unknown: give stop or skip");
    };
  }

  private static StreamSettings.Mode mode(String name) {
    return switch (name) {
      case "auto" -> StreamSettings.Mode.AUTO;
      case "udp" -> StreamSettings.Mode.UDP;
      default -> throw new UsageException("stream.mode " + name + " is unknown: give auto or udp");
    };
  }

  private static Duration seconds(Config section, String key) {
    double seconds = section.getDouble(key);
    if (seconds <= 0) {
      throw new UsageException("%s must be positive, not %s".formatted(key, seconds));
    }
    return Duration.ofMillis((long) (seconds * 1000));
  }
}
