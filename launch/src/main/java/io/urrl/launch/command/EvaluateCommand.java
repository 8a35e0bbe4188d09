package io.urrl.launch.command;

import com.typesafe.config.ConfigFactory;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.augment.data.DataException;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.evaluation.EvaluationView;
import io.urrl.launch.evaluation.Evaluations;
import io.urrl.launch.node.Node;
import io.urrl.launch.node.NodeSettings;
import io.urrl.launch.run.RunDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates trained encoders. */
@Command(
    name = "evaluate",
    description = "Evaluates a trained encoder.",
    mixinStandardHelpOptions = true,
    subcommands = {EvaluateCommand.Linear.class, EvaluateCommand.Knn.class},
    synopsisSubcommandLabel = "(linear | knn)",
    footer = {
      "",
      "Example:",
      "  urrl evaluate linear --checkpoint runs/mine/checkpoints/step-000001000 --data cifar10"
    })
public final class EvaluateCommand {

  /** Starts the evaluation of a checkpoint's features. */
  private interface Judge {
    CompletableFuture<Outcome> start(
        Evaluations evaluations, String title, FeatureSource features, EvaluationView view);
  }

  private static int evaluate(SettingsOptions options, Path checkpoint, Judge judge) {
    if (!Files.isRegularFile(checkpoint.resolve("query.safetensors"))) {
      throw new UserException(
          checkpoint + " holds no query.safetensors; give a directory step-… of a run");
    }
    Settings settings =
        options.settings(
            RunDescription.ofCheckpoint(checkpoint)
                .map(RunDescription::dataAndEncoder)
                .orElse(ConfigFactory.empty()));
    try (Node node = Node.start(NodeSettings.of(settings), settings.config(), 0)) {
      FeatureSource features = new FeatureSource.Checkpoint(checkpoint.toString());
      System.out.println(
          Evaluations.table(
              List.of(
                  judge.start(
                      new Evaluations(node, settings),
                      "trained encoder",
                      features,
                      PretrainCommand.meter()))));
    } catch (DataException e) {
      throw new UserException(e.getMessage(), e);
    }
    return 0;
  }

  /** Linear evaluation of a checkpoint. */
  @Command(
      name = "linear",
      description = "Softmax regression on the frozen features of a checkpoint's query encoder.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      modelTransformer = SettingsOptions.Flags.class,
      footer = {
        "",
        "Network and data set are those of the run that the checkpoint lies in; for a checkpoint",
        "elsewhere, give --arch, --width, --stem, --image-size and --data.",
        "",
        "Examples:",
        "  urrl evaluate linear --checkpoint runs/mine/checkpoints/step-000001000",
        "  urrl evaluate linear --checkpoint CKPT --data cifar10 --set evaluate.linear.lr=30"
      })
  static final class Linear implements Callable<Integer> {
    @Mixin private SettingsOptions options;

    @Option(
        names = "--checkpoint",
        required = true,
        paramLabel = "DIR",
        description = "Checkpoint, for instance runs/mine/checkpoints/step-000001000.")
    private Path checkpoint;

    @Override
    public Integer call() {
      return evaluate(options, checkpoint, Evaluations::linear);
    }
  }

  /** Nearest neighbours of a checkpoint. */
  @Command(
      name = "knn",
      description = "Votes of the nearest training features of a checkpoint's query encoder.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      modelTransformer = SettingsOptions.Flags.class,
      footer = {
        "",
        "Network and data set are those of the run that the checkpoint lies in; for a checkpoint",
        "elsewhere, give --arch, --width, --stem, --image-size and --data.",
        "",
        "Examples:",
        "  urrl evaluate knn --checkpoint runs/mine/checkpoints/step-000001000",
        "  urrl evaluate knn --checkpoint CKPT --data cifar10 --set evaluate.knn-neighbours=20"
      })
  static final class Knn implements Callable<Integer> {
    @Mixin private SettingsOptions options;

    @Option(
        names = "--checkpoint",
        required = true,
        paramLabel = "DIR",
        description = "Checkpoint, for instance runs/mine/checkpoints/step-000001000.")
    private Path checkpoint;

    @Override
    public Integer call() {
      return evaluate(options, checkpoint, Evaluations::nearest);
    }
  }
}
