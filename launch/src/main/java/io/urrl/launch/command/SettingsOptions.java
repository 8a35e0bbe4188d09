package io.urrl.launch.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Flags that stand for keys of {@code cluster.conf}. A flag wins over {@code --set}, which wins
 * over the file, which wins over the defaults.
 */
final class SettingsOptions {
  /** Flag, key and help of every setting that has a flag of its own. */
  private static final String[][] FLAGS = {
    {
      "--data",
      "data.source",
      "Data set: shapes, a directory of class folders, FILE.urrl, or tar shards."
    },
    {"--recipe", "recipe", "Views: moco-v2, augmix, augmix-allop, augmix-moco or urrl."},
    {"--arch", "encoder.arch", "resnet18, resnet34 or resnet50."},
    {"--width", "encoder.width", "Channels of the first stage."},
    {"--stem", "encoder.stem", "First layers: cifar or imagenet."},
    {"--image-size", "encoder.image-size", "Height and width of a view."},
    {"--epochs", "train.epochs", "Passes over the data set."},
    {"--max-steps", "train.max-steps", "Most optimiser steps, 0 for no bound."},
    {"--batch", "train.batch", "Samples of an optimiser step."},
    {"--micro-batch", "train.micro-batch", "Samples of a micro-batch; divides the batch."},
    {"--bn-groups", "train.bn-groups", "Batch-norm groups; divides the micro-batch."},
    {"--queue", "train.queue", "Negatives in the queue."},
    {"--momentum", "train.momentum", "Momentum of the key encoder."},
    {"--temperature", "train.temperature", "Temperature of the contrastive loss."},
    {"--lr", "train.lr", "Learning rate."},
    {"--seed", "train.seed", "Keys weights, order and views."},
    {"--staleness", "train.staleness", "Most steps that a gradient may lag behind."},
    {"--on-nan", "train.on-nan", "NaN or infinity in a gradient: stop or skip."},
    {"--gpu-workers", "workers.gpu", "Encoder replicas."},
    {"--augment-workers", "workers.augment", "Threads that make views."},
    {"--checkpoint-every", "checkpoint.every", "Steps between checkpoints."},
    {"--knn-every", "evaluate.knn-every", "Steps between nearest-neighbour evaluations."},
    {"--keep", "checkpoint.keep", "Newest checkpoints that are kept."}
  };

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings that override the defaults of cluster.conf.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides any key of cluster.conf, for instance stream.mode=udp.")
  private Map<String, String> keys = new LinkedHashMap<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Adds the flags to a command that mixes these options in. */
  static final class Flags implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      for (String[] flag : FLAGS) {
        command.addOption(
            OptionSpec.builder(flag[0])
                .paramLabel("VALUE")
                .type(String.class)
                .description(flag[2] + " (" + flag[1] + ")")
                .build());
      }
      return command;
    }
  }

  /** The settings that the command line asks for. */
  Settings settings() {
    return settings(ConfigFactory.empty());
  }

  /**
   * The same on other defaults.
   *
   * @param base overrides the defaults of {@code cluster.conf}
   */
  Settings settings(Config base) {
    Map<String, String> all = new LinkedHashMap<>(keys);
    ParseResult parsed = command.commandLine().getParseResult();
    for (String[] flag : FLAGS) {
      if (parsed.hasMatchedOption(flag[0])) {
        all.put(flag[1], parsed.matchedOptionValue(flag[0], ""));
      }
    }
    return SettingsLoader.load(base, file, all);
  }
}
