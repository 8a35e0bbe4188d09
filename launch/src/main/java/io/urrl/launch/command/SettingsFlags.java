package io.urrl.launch.command;

import io.urrl.launch.NearestWords;
import io.urrl.launch.UsageException;
import io.urrl.launch.config.SettingsLoader;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings that a command uses, and those of them that have a flag of their own. */
final class SettingsFlags {
  /** All settings. */
  static final SettingsFlags RUN =
      new SettingsFlags(
          List.of(
              flag("--data", "data.source", Texts.DATA),
              flag(
                  "--recipe",
                  "recipe",
                  "Views: moco-v2, augmix, augmix-allop, augmix-moco or urrl."),
              flag("--arch", "encoder.arch", Texts.ARCH),
              flag("--width", "encoder.width", Texts.WIDTH),
              flag("--stem", "encoder.stem", Texts.STEM),
              flag("--image-size", "encoder.image-size", Texts.SIZE),
              flag("--epochs", "train.epochs", "Passes over the data set."),
              flag("--max-steps", "train.max-steps", "Most optimiser steps, 0 for no bound."),
              flag("--batch", "train.batch", "Samples of an optimiser step."),
              flag(
                  "--micro-batch",
                  "train.micro-batch",
                  "Samples of a micro-batch; divides --batch."),
              flag(
                  "--bn-groups",
                  "train.bn-groups",
                  "Batch-norm groups; divides --micro-batch. Samples are shuffled among them, for"
                      + " which at least 2 are needed."),
              flag("--queue", "train.queue", "Negatives in the queue."),
              flag("--momentum", "train.momentum", "Momentum of the key encoder."),
              flag("--temperature", "train.temperature", "Temperature of the contrastive loss."),
              flag("--lr", "train.lr", "Learning rate."),
              flag("--seed", "train.seed", "Keys weights, order and views."),
              flag("--staleness", "train.staleness", "Most steps that a gradient may lag behind."),
              flag("--on-nan", "train.on-nan", "NaN or infinity in a gradient: stop or skip."),
              flag("--gpu-workers", "workers.gpu", "Encoder replicas."),
              flag("--augment-workers", "workers.augment", Texts.AUGMENT),
              flag("--tensor-threads", "workers.tensor-threads", Texts.THREADS),
              flag(
                  "--checkpoint-every",
                  "checkpoint.every",
                  "Steps between checkpoints, 0 for one at the end only."),
              flag(
                  "--knn-every",
                  "evaluate.knn-every",
                  "Steps between nearest-neighbour evaluations, 0 for none."),
              flag("--keep", "checkpoint.keep", "Newest checkpoints that are kept.")),
          List.of(""),
          Set.of());

  /** Those of a linear evaluation. */
  static final SettingsFlags LINEAR =
      new SettingsFlags(
          Stream.concat(
                  Texts.evaluation(),
                  Stream.of(
                      flag("--epochs", "evaluate.linear.epochs", "Passes of the linear probe."),
                      flag(
                          "--lr",
                          "evaluate.linear.lr",
                          "Learning rate of the probe; 0: chosen on a tenth of the training"
                              + " pictures. MoCo's protocol has 30."),
                      flag("--batch", "evaluate.linear.batch", "Samples of a step of the probe."),
                      flag("--seed", "train.seed", "Keys the order of the probe's samples.")))
              .toList(),
          List.of(
              "data.source",
              "encoder.",
              "evaluate.linear.",
              "train.seed",
              "workers.augment",
              "workers.tensor-threads",
              "workers.samples-per-task",
              "stream."),
          Texts.OF_THE_RUN);

  /** Those of an evaluation by nearest neighbours. */
  static final SettingsFlags KNN =
      new SettingsFlags(
          Stream.concat(
                  Texts.evaluation(),
                  Stream.of(
                      flag("--neighbours", "evaluate.knn-neighbours", "Neighbours that vote."),
                      flag(
                          "--temperature",
                          "evaluate.knn-temperature",
                          "Temperature of their votes.")))
              .toList(),
          List.of(
              "data.source",
              "encoder.",
              "evaluate.knn-neighbours",
              "evaluate.knn-temperature",
              "workers.augment",
              "workers.tensor-threads",
              "workers.samples-per-task",
              "stream."),
          Texts.OF_THE_RUN);

  private static final String PEKKO = "pekko.";
  private static final String ROOT = "urrl.";

  /** A flag, the key that it stands for, and what the help says of it. */
  record Flag(String name, String key, String text) {}

  private final List<Flag> flags;
  private final List<String> used;
  private final Set<String> ofTheRun;

  /**
   * @param used keys that the command uses, or what they begin with
   * @param ofTheRun keys whose default is what the checkpoint's run has
   */
  private SettingsFlags(List<Flag> flags, List<String> used, Set<String> ofTheRun) {
    this.flags = flags;
    this.used = used;
    this.ofTheRun = ofTheRun;
  }

  private static Flag flag(String name, String key, String text) {
    return new Flag(name, key, text);
  }

  /** All flags. */
  List<Flag> flags() {
    return flags;
  }

  /**
   * Refuses a key of {@code --set} that would do nothing.
   *
   * @throws UsageException naming the key and the one that may be meant
   */
  void requireUsed(String key, CommandSpec command) {
    String plain = key.startsWith(ROOT) ? key.substring(ROOT.length()) : key;
    String path = SettingsLoader.qualified(key);
    Predicate<String> uses = one -> used.stream().anyMatch(one::startsWith);
    if (plain.startsWith(PEKKO) || uses.test(plain) || !SettingsLoader.isKey(path)) {
      return;
    }
    String name = plain.substring(plain.lastIndexOf('.') + 1);
    List<String> meant =
        flags.stream()
            .map(Flag::key)
            .filter(known -> known.substring(known.lastIndexOf('.') + 1).equals(name))
            .toList();
    throw new UsageException(
        "%s does nothing in %s%s"
            .formatted(plain, command.qualifiedName(), NearestWords.question(meant)));
  }

  private CommandSpec addTo(CommandSpec command) {
    for (Flag flag : flags) {
      String value =
          ofTheRun.contains(flag.key())
              ? "that of the checkpoint's run"
              : SettingsLoader.defaults().getString(ROOT + flag.key());
      command.addOption(
          OptionSpec.builder(flag.name())
              .paramLabel("VALUE")
              .type(String.class)
              .description("%s (%s; default: %s)".formatted(flag.text(), flag.key(), value))
              .build());
    }
    return command;
  }

  /** Adds {@link #RUN} to a command. */
  static final class Run implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      return RUN.addTo(command);
    }
  }

  /** Adds {@link #LINEAR} to a command. */
  static final class Linear implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      return LINEAR.addTo(command);
    }
  }

  /** Adds {@link #KNN} to a command. */
  static final class Knn implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      return KNN.addTo(command);
    }
  }

  /** What several commands say alike. */
  private static final class Texts {
    private static final String DATA =
        "Data set: shapes, a directory of class folders, FILE.urrl, or tar shards.";
    private static final String ARCH = "resnet18, resnet34 or resnet50.";
    private static final String WIDTH = "Channels of the first stage.";
    private static final String STEM = "First layers: cifar or imagenet.";
    private static final String SIZE = "Height and width of a view.";
    private static final String AUGMENT = "Threads that decode and transform pictures.";
    private static final String THREADS = "Threads of the tensor library, 0 for one a core.";
    private static final Set<String> OF_THE_RUN =
        Set.of(
            "data.source", "encoder.arch", "encoder.width", "encoder.stem", "encoder.image-size");

    private static Stream<Flag> evaluation() {
      return Stream.of(
          flag("--data", "data.source", DATA),
          flag("--arch", "encoder.arch", ARCH),
          flag("--width", "encoder.width", WIDTH),
          flag("--stem", "encoder.stem", STEM),
          flag("--image-size", "encoder.image-size", SIZE),
          flag("--augment-workers", "workers.augment", AUGMENT),
          flag("--tensor-threads", "workers.tensor-threads", THREADS));
    }

    private Texts() {}
  }
}
