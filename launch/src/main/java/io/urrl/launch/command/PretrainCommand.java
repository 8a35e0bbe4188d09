package io.urrl.launch.command;

import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.evaluation.EvaluationView;
import io.urrl.launch.evaluation.Evaluations;
import io.urrl.launch.progress.ConsoleView;
import io.urrl.launch.progress.EvaluationMeter;
import io.urrl.launch.progress.Terminal;
import io.urrl.launch.run.Pretraining;
import io.urrl.launch.run.RunDescription;
import io.urrl.launch.run.RunDirectory;
import io.urrl.launch.run.RunRecorder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pre-trains an encoder and ends with a linear evaluation. */
@Command(
    name = "pretrain",
    description = "Pre-trains an encoder on this machine, then evaluates it.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = SettingsOptions.Flags.class,
    footer = {
      "",
      "Ctrl-C writes a checkpoint and ends; a second one ends at once.",
      "",
      "Examples:",
      "  urrl pretrain",
      "  urrl pretrain --data cifar10 --recipe moco-v2 --width 64 --epochs 200 --batch 256",
      "  urrl pretrain --gpu-workers 2 --micro-batch 32 --augment-workers 4",
      "  urrl pretrain --run runs/mine --resume",
      "  urrl pretrain --set stream.mode=udp --set checkpoint.every=50"
    })
public final class PretrainCommand implements Callable<Integer> {
  private static final int INTERRUPTED_TWICE = 130;

  @Mixin private SettingsOptions options;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "Directory of the run (default: runs/RECIPE-DATE-TIME).")
  private Path run;

  @Option(
      names = "--resume",
      description =
          "Go on from the newest whole checkpoint of --run, with the settings that the run has.")
  private boolean resume;

  @Option(
      names = "--no-evaluation",
      description = "End after training, without the linear evaluation.")
  private boolean noEvaluation;

  @Override
  public Integer call() {
    Settings settings = options.settings();
    Path path = directory(settings);
    if (resume) {
      settings = options.settings(RunDescription.read(path).withoutDirectory());
    }
    ConsoleView view = new ConsoleView(System.out, Terminal.isLive(), settings.train().batch());
    try (Pretraining training = Pretraining.start(settings, path, resume, !noEvaluation, view)) {
      System.out.println("run directory " + path);
      stopOnInterrupt(training);
      return switch (training.outcome().join()) {
        case RunRecorder.Outcome.Broken broken -> throw new UserException(broken.text());
        case RunRecorder.Outcome.Done done -> finish(training, done, path);
      };
    }
  }

  private Path directory(Settings settings) {
    if (run != null) {
      return run;
    }
    if (!settings.runDirectory().isEmpty()) {
      return Path.of(settings.runDirectory());
    }
    if (resume) {
      throw new UserException("--resume needs the run's directory: give it with --run DIR");
    }
    return RunDirectory.standard(settings.recipe());
  }

  private int finish(Pretraining training, RunRecorder.Outcome.Done done, Path path) {
    if (done.stopped()) {
      System.out.println(
          "stopped at step %d; go on with: urrl pretrain --run %s --resume"
              .formatted(done.version(), path));
      return 0;
    }
    System.out.println("trained %d steps".formatted(done.version()));
    if (!noEvaluation && training.canEvaluate()) {
      Settings settings = training.settings();
      Evaluations evaluations = training.evaluations();
      EvaluationView view = meter();
      System.out.println("linear evaluation on " + settings.source());
      List<CompletableFuture<Outcome>> results =
          List.of(
              evaluations.linear(
                  "trained encoder", new FeatureSource.Checkpoint(newest(done, path)), view),
              evaluations.linear(
                  "the same untrained", new FeatureSource.Untrained(settings.train().seed()), view),
              evaluations.linear("raw pixels", new FeatureSource.Pixels(), view));
      System.out.println(Evaluations.table(results));
    }
    return 0;
  }

  /** Shows evaluations on standard output. */
  static EvaluationView meter() {
    return new EvaluationMeter(System.out, Terminal.isLive(), System::nanoTime);
  }

  private static String newest(RunRecorder.Outcome.Done done, Path path) {
    return done.checkpoint().isEmpty()
        ? path.resolve("checkpoints").resolve("step-%09d".formatted(done.version())).toString()
        : done.checkpoint();
  }

  private static void stopOnInterrupt(Pretraining training) {
    AtomicInteger signals = new AtomicInteger();
    Interrupts.each(
        () -> {
          if (signals.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(INTERRUPTED_TWICE);
          }
          System.out.println();
          System.out.println("stopping after a checkpoint; press Ctrl-C again to end at once");
          training.stop();
        });
  }
}
