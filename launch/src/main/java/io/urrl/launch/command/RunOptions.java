package io.urrl.launch.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.launch.UsageException;
import io.urrl.launch.config.ResumeRules;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.node.Pretraining;
import io.urrl.launch.run.RunCheckpoints;
import io.urrl.launch.run.RunDescription;
import io.urrl.launch.run.RunDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which run a command begins or goes on with, and how it ends. */
final class RunOptions {

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

  /**
   * What was asked for.
   *
   * @param path directory of the run
   * @param resume whether it holds the run already
   */
  record Asked(Path path, Settings settings, boolean resume, boolean fromScratch) {

    /** Sets aside what is to be begun anew, if so it was asked. */
    void setAside() {
      if (fromScratch) {
        Pretraining.requireResumable(settings, path);
        System.out.println("checkpoints and record so far are in " + RunCheckpoints.setAside(path));
      }
    }
  }

  /**
   * What the command line asks for. Nothing is written yet.
   *
   * @throws UsageException when it cannot be meant
   */
  Asked asked(SettingsOptions options) {
    if (fromScratch && !resume) {
      throw new UsageException("--from-scratch goes with --resume; a new run begins from scratch");
    }
    Path path = directory(options);
    Settings settings =
        (resume ? resumed(path, options) : options.settings(SettingsFlags.RUN))
            .withAbsoluteSource();
    warn(settings);
    return new Asked(path, settings, resume, fromScratch);
  }

  /** The evaluation at the end that the command line asks for. */
  FinalEvaluation evaluation(Settings settings) {
    return FinalEvaluation.of(settings, wish.asked());
  }

  /** The run's own settings with what the command line changes, if it may. */
  private static Settings resumed(Path path, SettingsOptions options) {
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

  private Path directory(SettingsOptions options) {
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
}
