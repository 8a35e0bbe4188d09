package io.urrl.launch.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.files.FileFailure;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.augment.data.DataException;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.node.Evaluations;
import io.urrl.launch.node.Node;
import io.urrl.launch.node.NodeSettings;
import io.urrl.launch.report.EvaluationTable;
import io.urrl.launch.run.CheckpointOrigin;
import io.urrl.launch.run.EvaluationLog;
import io.urrl.launch.run.EvaluationView;
import io.urrl.launch.run.JsonLines;
import io.urrl.launch.run.RunCheckpoints;
import io.urrl.launch.run.RunFiles;
import java.io.IOException;
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
      "  urrl evaluate linear --checkpoint runs/mine",
      "  urrl evaluate knn --checkpoint runs/mine/checkpoints/step-000001000"
    })
public final class EvaluateCommand {

  /** Starts the evaluation of a checkpoint's features. */
  private interface Judge {
    CompletableFuture<Outcome> start(
        Evaluations evaluations, String title, FeatureSource features, EvaluationView view);
  }

  /** The line that keeps a result. */
  private interface Line {
    ObjectNode of(long step, Settings settings, Outcome.Measured measured);
  }

  private static int evaluate(
      SettingsOptions options, SettingsFlags flags, Path given, Judge judge, Line line) {
    Path checkpoint = RunCheckpoints.named(given, text -> System.err.println("urrl: " + text));
    CheckpointOrigin origin = CheckpointOrigin.of(checkpoint);
    if (origin.run().isEmpty() && !options.mentions(flags, "data.source")) {
      throw new UsageException(
          given + " does not lie in its run, so its data set is not known; give it with --data");
    }
    Settings settings = options.settings(flags, origin.settings()).withAbsoluteSource();
    System.out.println("evaluating %s on %s".formatted(checkpoint, settings.source()));
    try (Node node = Node.start(NodeSettings.of(settings), settings.config())) {
      CompletableFuture<Outcome> result =
          judge.start(
              new Evaluations(node, settings),
              "trained encoder",
              new FeatureSource.Checkpoint(checkpoint.toString()),
              PretrainCommand.meter());
      System.out.println(EvaluationTable.of(List.of(result)));
      if (result.join() instanceof Outcome.Measured measured) {
        keep(
            origin.run().orElse(checkpoint).resolve(RunFiles.EVALUATIONS),
            line.of(origin.step(), settings, measured));
      }
    } catch (DataException e) {
      throw new UserException(e.getMessage(), e);
    }
    return 0;
  }

  /** A result that cannot be written has been shown at least. */
  private static void keep(Path file, ObjectNode line) {
    try (JsonLines lines = new JsonLines(file)) {
      lines.append(line);
      System.out.println("added to " + file);
    } catch (IOException e) {
      System.err.println(
          "urrl: warning: the result is not kept: %s: %s"
              .formatted(file, FileFailure.reason(file, e)));
    }
  }

  /** Linear evaluation of a checkpoint. */
  @Command(
      name = "linear",
      description = "Softmax regression on the frozen features of a checkpoint's query encoder.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      modelTransformer = SettingsFlags.Linear.class,
      footer = {
        "",
        "Network and data set are those of the run that the checkpoint lies in; for a checkpoint",
        "elsewhere, give --data. The result is added to evaluations.jsonl of the run, elsewhere of",
        "the checkpoint's directory.",
        "",
        "Examples:",
        "  urrl evaluate linear --checkpoint runs/mine",
        "  urrl evaluate linear --checkpoint runs/mine/checkpoints/step-000001000 --lr 30",
        "  urrl evaluate linear --checkpoint CKPT --data cifar10"
      })
  static final class Linear implements Callable<Integer> {
    @Mixin private SettingsOptions options;

    @Option(
        names = "--checkpoint",
        required = true,
        paramLabel = "DIR",
        description = "A run, of which the newest checkpoint is taken, or a checkpoint.")
    private Path checkpoint;

    @Override
    public Integer call() {
      return evaluate(
          options, SettingsFlags.LINEAR, checkpoint, Evaluations::linear, EvaluationLog::linear);
    }
  }

  /** Nearest neighbours of a checkpoint. */
  @Command(
      name = "knn",
      description = "Votes of the nearest training features of a checkpoint's query encoder.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      modelTransformer = SettingsFlags.Knn.class,
      footer = {
        "",
        "Network and data set are those of the run that the checkpoint lies in; for a checkpoint",
        "elsewhere, give --data. The result is added to evaluations.jsonl of the run, elsewhere of",
        "the checkpoint's directory.",
        "",
        "Examples:",
        "  urrl evaluate knn --checkpoint runs/mine",
        "  urrl evaluate knn --checkpoint CKPT --data cifar10 --neighbours 20"
      })
  static final class Knn implements Callable<Integer> {
    @Mixin private SettingsOptions options;

    @Option(
        names = "--checkpoint",
        required = true,
        paramLabel = "DIR",
        description = "A run, of which the newest checkpoint is taken, or a checkpoint.")
    private Path checkpoint;

    @Override
    public Integer call() {
      return evaluate(
          options, SettingsFlags.KNN, checkpoint, Evaluations::nearest, EvaluationLog::nearest);
    }
  }
}
