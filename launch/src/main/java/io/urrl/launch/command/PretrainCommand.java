package io.urrl.launch.command;

import io.urrl.actors.protocol.RunNews;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.node.Pretraining;
import io.urrl.launch.report.ConsoleView;
import io.urrl.launch.report.EvaluationMeter;
import io.urrl.launch.report.Terminal;
import io.urrl.launch.run.EvaluationView;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Pre-trains an encoder and ends with a linear evaluation. */
@Command(
    name = "pretrain",
    description = "Pre-trains an encoder on this machine, then evaluates it.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = SettingsFlags.Run.class,
    footer = {
      "",
      "Ctrl-C, SIGTERM and SIGHUP write a checkpoint after the step under way and end with 0; a",
      "second signal ends at once, with 128 and its number (130, 143, 129).",
      "",
      "The linear evaluation at the end is left out where it would take more than half as long as",
      "the training did; the command for it is printed then. --evaluation asks for it anyway.",
      "",
      "Examples:",
      "  urrl pretrain",
      "  urrl pretrain --data cifar10 --recipe moco-v2 --width 64 --epochs 200 --batch 256",
      "  urrl pretrain --gpu-workers 2 --micro-batch 32 --augment-workers 4",
      "  urrl pretrain --run runs/mine --resume",
      "  urrl pretrain --set stream.mode=udp --set checkpoint.every=50"
    })
public final class PretrainCommand implements Callable<Integer> {

  @Mixin private SettingsOptions options;

  @Mixin private RunOptions which;

  @Override
  public Integer call() {
    StopSignals signals = StopSignals.listen();
    RunOptions.Asked asked = which.asked(options);
    Settings settings = asked.settings();
    Path path = asked.path();
    FinalEvaluation evaluation = which.evaluation(settings);
    asked.setAside();
    ConsoleView view = new ConsoleView(System.out, Terminal.isLive(), settings.train().batch());
    try (Pretraining training = Pretraining.start(settings, path, asked.resume(), view)) {
      System.out.println("run directory " + path);
      signals.stopBy("stopping after the step under way with a checkpoint", training::stop);
      return switch (training.outcome().join()) {
        case RunNews.Outcome.Broken broken -> throw new UserException(broken.text());
        case RunNews.Outcome.Done done -> {
          signals.over("training is over and its last checkpoint is whole");
          yield signals.asked() && !done.stopped()
              ? ended(done, path)
              : finish(training, done, path, evaluation);
        }
      };
    }
  }

  /** A stop came with the last step: the run is whole, and nobody waits for an evaluation. */
  private static int ended(RunNews.Outcome.Done done, Path path) {
    System.out.println(
        "trained %d steps; stopped before the evaluation: urrl evaluate linear --checkpoint %s"
            .formatted(done.version(), path));
    return 0;
  }

  private static int finish(
      Pretraining training, RunNews.Outcome.Done done, Path path, FinalEvaluation evaluation) {
    if (done.stopped()) {
      System.out.println(
          "stopped %s; go on with: urrl pretrain --run %s --resume"
              .formatted(
                  done.version() == 0 ? "before the first step" : "at step " + done.version(),
                  path));
      return 0;
    }
    System.out.println("trained %d steps".formatted(done.version()));
    if (evaluation.isDue(done.version(), path, System.out::println)) {
      evaluation.run(training.node(), done.version(), path, meter(), System.out::println);
    }
    return 0;
  }

  /** Shows evaluations on standard output. */
  static EvaluationView meter() {
    return new EvaluationMeter(System.out, Terminal.isLive(), System::nanoTime);
  }
}
