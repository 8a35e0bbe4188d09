package io.urrl.launch.config;

import static io.urrl.launch.config.ResumeRule.COURSE;
import static io.urrl.launch.config.ResumeRule.EXACT;
import static io.urrl.launch.config.ResumeRule.FIXED;
import static io.urrl.launch.config.ResumeRule.FREE;
import static io.urrl.launch.config.ResumeRule.SAME_CONTENT;
import static io.urrl.launch.config.Setting.Use.KNN;
import static io.urrl.launch.config.Setting.Use.LINEAR;
import static io.urrl.launch.config.Setting.Use.NODE;
import static io.urrl.launch.config.Setting.choice;
import static io.urrl.launch.config.Setting.longWhole;
import static io.urrl.launch.config.Setting.number;
import static io.urrl.launch.config.Setting.parsed;
import static io.urrl.launch.config.Setting.seconds;
import static io.urrl.launch.config.Setting.text;
import static io.urrl.launch.config.Setting.twoWords;
import static io.urrl.launch.config.Setting.whole;

import io.urrl.actors.run.TrainerSettings.OnNonFinite;
import io.urrl.actors.stream.StreamSettings.Mode;
import io.urrl.gpu.nn.CpuInstructions;
import io.urrl.gpu.nn.EncoderSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All settings, in the order of {@code cluster.conf}. What is checked of a value, which flag it has
 * in which command, and what a resume may do with it stands here and nowhere else; a new setting is
 * a line here, its default and meaning in {@code cluster.conf}, its place in {@link Settings}, and
 * its key in the documented table of what a resume may change.
 */
public final class SettingsTable {
  private static final List<Setting<?>> ALL = new ArrayList<>();

  static final Setting<String> RUN_DIR = listed(text("run.dir", FREE));

  static final Setting<String> SOURCE =
      listed(
          text("data.source", SAME_CONTENT)
              .must("name a data set, such as shapes, or a directory", s -> !s.isBlank())
              .flag(
                  "--data",
                  "Data set: shapes, a directory of class folders, FILE.urrl, or tar shards.")
              .ofTheRunInEvaluations());

  static final Setting<Double> MAX_BROKEN =
      listed(number("data.max-broken", FREE).must("be from 0 to 1", v -> v >= 0 && v <= 1));

  static final Setting<String> RECIPE =
      listed(
          choice("recipe", FIXED, Recipes.names())
              .flag("--recipe", "Views: moco-v2, augmix, augmix-allop, augmix-moco or urrl."));

  static final Setting<String> ARCH =
      listed(
          choice("encoder.arch", FIXED, EncoderSpec.ARCHITECTURE_NAMES)
              .flag("--arch", "resnet18, resnet34 or resnet50.")
              .ofTheRunInEvaluations());

  static final Setting<Integer> WIDTH =
      listed(
          whole("encoder.width", FIXED, 1)
              .flag("--width", "Channels of the first stage.")
              .ofTheRunInEvaluations());

  static final Setting<String> STEM =
      listed(
          choice("encoder.stem", FIXED, EncoderSpec.STEM_NAMES)
              .flag("--stem", "First layers: cifar or imagenet.")
              .ofTheRunInEvaluations());

  static final Setting<Integer> IMAGE_SIZE =
      listed(
          whole("encoder.image-size", FIXED, 8)
              .flag("--image-size", "Height and width of a view.")
              .ofTheRunInEvaluations());

  static final Setting<Integer> HIDDEN =
      listed(whole("encoder.hidden", FIXED, 0).ofTheRunInEvaluations());

  static final Setting<Integer> DIM =
      listed(whole("encoder.dim", FIXED, 1).ofTheRunInEvaluations());

  static final Setting<Integer> EPOCHS =
      listed(whole("train.epochs", COURSE, 1).flag("--epochs", "Passes over the data set."));

  static final Setting<Long> MAX_STEPS =
      listed(
          longWhole("train.max-steps", COURSE)
              .must("be at least 0", value -> value >= 0)
              .flag("--max-steps", "Most optimiser steps, 0 for no bound."));

  static final Setting<Integer> BATCH =
      listed(whole("train.batch", FIXED, 1).flag("--batch", "Samples of an optimiser step."));

  static final Setting<Integer> MICRO_BATCH =
      listed(
          whole("train.micro-batch", FIXED, 1)
              .flag("--micro-batch", "Samples of a micro-batch; divides --batch."));

  static final Setting<Integer> GROUPS =
      listed(
          whole("train.bn-groups", FIXED, 1)
              .flag(
                  "--bn-groups",
                  "Batch-norm groups; divides --micro-batch. Samples are shuffled among them, for"
                      + " which at least 2 are needed."));

  static final Setting<Integer> QUEUE =
      listed(whole("train.queue", FIXED).flag("--queue", "Negatives in the queue."));

  static final Setting<Double> MOMENTUM =
      listed(
          number("train.momentum", FIXED)
              .must("be from 0 to 1", value -> value >= 0 && value <= 1)
              .flag("--momentum", "Momentum of the key encoder."));

  static final Setting<Double> TEMPERATURE =
      listed(
          number("train.temperature", FIXED)
              .must("be positive", value -> value > 0)
              .flag("--temperature", "Temperature of the contrastive loss."));

  static final Setting<Double> LR =
      listed(
          number("train.lr", COURSE)
              .must("be positive", value -> value > 0)
              .flag("--lr", "Learning rate."));

  static final Setting<Double> SGD_MOMENTUM =
      listed(
          number("train.sgd-momentum", FIXED)
              .must("be from 0 to below 1", value -> value >= 0 && value < 1));

  static final Setting<Double> WEIGHT_DECAY =
      listed(number("train.weight-decay", FIXED).must("be 0 or more", value -> value >= 0));

  static final Setting<String> SCHEDULE =
      listed(choice("train.schedule", COURSE, List.of("cosine", "step", "constant")));

  static final Setting<Integer> WARMUP_STEPS = listed(whole("train.warmup-steps", COURSE, 0));

  static final Setting<Long> SEED =
      listed(
          longWhole("train.seed", FIXED)
              .flag("--seed", "Keys weights, order and views.")
              .flag(LINEAR, "--seed", "Keys the order of the probe's samples."));

  static final Setting<Integer> STALENESS =
      listed(
          whole("train.staleness", FIXED, 0)
              .flag("--staleness", "Most steps that a gradient may lag behind."));

  static final Setting<Boolean> EXACT_BITS =
      listed(choice("train.exact", COURSE, twoWords("strict", true, "relaxed", false)));

  static final Setting<OnNonFinite> ON_NAN =
      listed(
          choice(
                  "train.on-nan",
                  COURSE,
                  twoWords("stop", OnNonFinite.STOP, "skip", OnNonFinite.SKIP))
              .flag("--on-nan", "NaN or infinity in a gradient: stop or skip."));

  static final Setting<Integer> GPU_WORKERS =
      listed(
          whole("workers.gpu", FREE, 1).flag("--gpu-workers", "Encoder replicas.").alsoOnNodes());

  static final Setting<Integer> AUGMENT_WORKERS =
      listed(
          whole("workers.augment", FREE, 1)
              .flag("--augment-workers", "Threads that decode and transform pictures.")
              .alsoInEvaluations()
              .alsoOnNodes());

  static final Setting<Integer> PARAMETER_SHARDS =
      listed(
          whole("workers.parameters", FREE, 1)
              .flag("--parameter-shards", "Parameter shards, each with a slice of the parameters.")
              .alsoOnNodes());

  static final Setting<Integer> TENSOR_THREADS =
      listed(
          whole("workers.tensor-threads", EXACT, 0)
              .flag("--tensor-threads", "Threads of the tensor library, 0 for one a core.")
              .alsoInEvaluations()
              .alsoOnNodes());

  static final Setting<String> TENSOR_ISA =
      listed(choice("workers.tensor-isa", EXACT, CpuInstructions.names()).alsoOnNodes());

  static final Setting<Integer> PREFETCH = listed(whole("workers.prefetch", FREE, 1).alsoOnNodes());

  static final Setting<Duration> LEASE_TIMEOUT = listed(seconds("workers.lease-timeout", FREE));

  static final Setting<Duration> VIEW_TIMEOUT =
      listed(seconds("workers.view-timeout", FREE).alsoOnNodes());

  static final Setting<Integer> SAMPLES_PER_TASK =
      listed(whole("workers.samples-per-task", FREE, 1).alsoInEvaluations().alsoOnNodes());

  /** Slices of the parameters. */
  public static final Setting<Integer> SLICES = listed(whole("parameters.slices", FREE, 0));

  static final Setting<String> CLUSTER_HOST =
      listed(
          text("cluster.host", FREE)
              .must("name an address of this machine", host -> !host.isBlank())
              .flag(NODE, "--host", "Address of this machine that the other nodes reach.")
              .alsoInEvaluations());

  static final Setting<Integer> CLUSTER_PORT =
      listed(
          whole("cluster.port", FREE, 0)
              .must("be at most 65535", port -> port <= 65_535)
              .flag(NODE, "--port", "TCP port of its control messages, 0 for any that is free.")
              .alsoInEvaluations());

  static final Setting<List<HostPort>> SEED_NODES =
      listed(
          parsed("cluster.seed-nodes", FREE, HostPort::list)
              .flag(
                  NODE,
                  "--join",
                  "Nodes to join through: HOST:PORT,HOST:PORT… Only the first of them may begin a"
                      + " cluster where there is none."));

  static final Setting<Boolean> UNSAFE_BIND =
      listed(
          choice("cluster.unsafe-bind", FREE, twoWords("false", false, "true", true))
              .alsoInEvaluations()
              .alsoOnNodes());

  static final Setting<Duration> FAILURE_TIMEOUT =
      listed(seconds("cluster.failure-timeout", FREE).alsoOnNodes());

  static final Setting<PathMapping> PATHS =
      listed(parsed("cluster.paths", FREE, PathMapping::of).alsoOnNodes());

  static final Setting<String> AERON_DIRECTORY =
      listed(text("stream.aeron-directory", FREE).alsoInEvaluations().alsoOnNodes());

  static final Setting<Mode> STREAM_MODE =
      listed(
          choice("stream.mode", FREE, twoWords("auto", Mode.AUTO, "udp", Mode.UDP))
              .alsoInEvaluations()
              .alsoOnNodes());

  static final Setting<String> STREAM_HOST =
      listed(text("stream.host", FREE).alsoInEvaluations().alsoOnNodes());

  static final Setting<Integer> MTU =
      listed(whole("stream.mtu", FREE, 0).alsoInEvaluations().alsoOnNodes());

  static final Setting<Integer> TERM_LENGTH =
      listed(whole("stream.term-length", FREE).alsoInEvaluations().alsoOnNodes());

  static final Setting<Duration> SEND_TIMEOUT =
      listed(seconds("stream.send-timeout", FREE).alsoInEvaluations().alsoOnNodes());

  static final Setting<Integer> CHECKPOINT_EVERY =
      listed(
          whole("checkpoint.every", FREE, 0)
              .flag("--checkpoint-every", "Steps between checkpoints, 0 for one at the end only."));

  static final Setting<Integer> CHECKPOINT_KEEP =
      listed(whole("checkpoint.keep", FREE, 1).flag("--keep", "Newest checkpoints that are kept."));

  static final Setting<Integer> KNN_EVERY =
      listed(
          whole("evaluate.knn-every", FREE, 0)
              .flag("--knn-every", "Steps between nearest-neighbour evaluations, 0 for none."));

  static final Setting<Integer> KNN_NEIGHBOURS =
      listed(
          whole("evaluate.knn-neighbours", FREE, 1)
              .flag(KNN, "--neighbours", "Neighbours that vote."));

  static final Setting<Double> KNN_TEMPERATURE =
      listed(
          number("evaluate.knn-temperature", FREE)
              .must("be positive", value -> value > 0)
              .flag(KNN, "--temperature", "Temperature of their votes."));

  static final Setting<Integer> LINEAR_EPOCHS =
      listed(
          whole("evaluate.linear.epochs", FREE, 1)
              .flag(LINEAR, "--epochs", "Passes of the linear probe."));

  static final Setting<Double> LINEAR_LR =
      listed(
          number("evaluate.linear.lr", FREE)
              .must("be 0 or more", value -> value >= 0)
              .flag(
                  LINEAR,
                  "--lr",
                  "Learning rate of the probe; 0: chosen on a tenth of the training pictures."
                      + " MoCo's protocol has 30."));

  static final Setting<Integer> LINEAR_BATCH =
      listed(
          whole("evaluate.linear.batch", FREE, 1)
              .flag(LINEAR, "--batch", "Samples of a step of the probe."));

  static final Setting<Boolean> AUTOSCALE =
      listed(choice("augment.autoscale", FREE, twoWords("false", false, "true", true)));

  static final Setting<Integer> AUGMENT_MIN = listed(whole("augment.min", FREE, 1));

  static final Setting<Integer> AUGMENT_MAX = listed(whole("augment.max", FREE, 0));

  /** Nodes that {@code up} starts. */
  public static final Setting<NodeCounts> LAUNCH_NODES =
      listed(parsed("launch.nodes", FREE, NodeCounts::parse));

  private static <T> Setting<T> listed(Setting<T> setting) {
    ALL.add(setting);
    return setting;
  }

  /** All settings, in the order of {@code cluster.conf}. */
  public static List<Setting<?>> all() {
    return List.copyOf(ALL);
  }

  /** The setting of a key without {@code urrl.}. */
  public static Optional<Setting<?>> named(String key) {
    return ALL.stream().filter(setting -> setting.key().equals(key)).findFirst();
  }

  private SettingsTable() {}
}
