package io.urrl.launch.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.actors.protocol.RunNews;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import io.urrl.launch.config.ResumeRules;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.node.Pretraining;
import io.urrl.launch.report.ConsoleView;
import io.urrl.launch.report.EvaluationMeter;
import io.urrl.launch.report.Terminal;
import io.urrl.launch.run.EvaluationView;
import io.urrl.launch.run.RunCheckpoints;
import io.urrl.launch.run.RunDescription;
import io.urrl.launch.run.RunDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "Directory of the run (run.dir; default: runs/RECIPE-DATE-TIME).")
  private Path run;

  @Option(
      names = "--resume",
      description =
          "Go on from the newest whole checkpoint of --run, with the settings that the run has.")
  private boolean resume;

  @Option(
      names = "--from-scratch",
      description =
          "With --resume: begin at step 0 again; checkpoints and record so far are set aside.")
  private boolean fromScratch;

  @ArgGroup private Wish wish = new Wish();

  /** Whether to evaluate at the end. */
  private static final class Wish {
    @Option(
        names = "--evaluation",
        description = "End with the linear evaluation, however long it takes.")
    private boolean yes;

    @Option(
        names = "--no-evaluation",
        description = "End after training, without the linear evaluation.")
    private boolean no;

    private FinalEvaluation.Wish asked() {
      if (no) {
        return FinalEvaluation.Wish.NEVER;
      }
      return yes ? FinalEvaluation.Wish.ALWAYS : FinalEvaluation.Wish.WHERE_SHORT;
    }
  }

  @Override
  public Integer call() {
    StopSignals signals = StopSignals.listen();
    if (fromScratch && !resume) {
      throw new UsageException("--from-scratch goes with --resume; a new run begins from scratch");
    }
    Path path = directory();
    Settings settings = (resume ? resumed(path) : begun()).withAbsoluteSource();
    warn(settings);
    FinalEvaluation evaluation = FinalEvaluation.of(settings, wish.asked());
    if (fromScratch) {
      Pretraining.requireResumable(settings, path);
      System.out.println("checkpoints and record so far are in " + RunCheckpoints.setAside(path));
    }
    ConsoleView view = new ConsoleView(System.out, Terminal.isLive(), settings.train().batch());
    try (Pretraining training = Pretraining.start(settings, path, resume, view)) {
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

  private Settings begun() {
    return options.settings(SettingsFlags.RUN);
  }

  /** The run's own settings with what the command line changes, if it may. */
  private Settings resumed(Path path) {
    Config before = RunDescription.read(path).withoutDirectory();
    Config now = Settings.onThisMachine(options.config(SettingsFlags.RUN, before));
    List<String> changes = ResumeRules.check(SettingsLoader.config(before, null, Map.of()), now);
    changes.forEach(change -> System.out.println("from here on " + change));
    return Settings.of(now);
  }

  private static void warn(Settings settings) {
    if (settings.train().groups() == 1) {
      System.err.println(
          "urrl: warning: train.bn-groups is 1: keys are not shuffled among batch-norm groups, and"
              + " the network may tell positives by their batch's statistics; give at least 2");
    }
  }

  private Path directory() {
    if (run != null) {
      return run;
    }
    Config asked = options.config(SettingsFlags.RUN, ConfigFactory.empty());
    String directory = asked.getString(SettingsLoader.qualified("run.dir"));
    if (!directory.isEmpty()) {
      return Path.of(directory);
    }
    if (resume) {
      throw new UsageException("--resume needs the run's directory: give it with --run DIR");
    }
    return RunDirectory.standard(asked.getString(SettingsLoader.qualified("recipe")));
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
    evaluation.run(training, done, path, meter(), System.out::println);
    return 0;
  }

  /** Shows evaluations on standard output. */
  static EvaluationView meter() {
    return new EvaluationMeter(System.out, Terminal.isLive(), System::nanoTime);
  }
}
