package io.urrl.launch.command.chaos;

import com.typesafe.config.ConfigValueFactory;
import io.urrl.actors.protocol.RunNews;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.node.Pretraining;
import io.urrl.launch.run.LedgerAudit;
import io.urrl.launch.run.OpenedRun;
import io.urrl.launch.run.RunCheckpoints;
import io.urrl.launch.run.RunView;
import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trains a run for each staleness while its nodes are hit, then the same run undisturbed in one
 * process, and compares.
 */
public final class Chaos {
  private final ChaosOptions options;
  private final Consumer<String> say;

  /**
   * @param say takes lines for people
   */
  public Chaos(ChaosOptions options, Consumer<String> say) {
    this.options = options;
    this.say = say;
  }

  /** Tries all of it. */
  public ChaosReport run() throws InterruptedException {
    List<Blow> blows = new ArrayList<>();
    List<Verdict> verdicts = new ArrayList<>();
    for (int staleness : options.staleness()) {
      ChaosRun run = new ChaosRun(options, staleness, say);
      blows.addAll(run.run());
      verdicts.add(judge(staleness, run.directory()));
    }
    return new ChaosReport(blows, verdicts);
  }

  private Verdict judge(int staleness, Path run) {
    try {
      Path checkpoint = RunCheckpoints.named(run, say);
      long steps = CheckpointStore.state(checkpoint).version();
      LedgerAudit.Report audit =
          LedgerAudit.check(
              OpenedRun.of(run).constants().trainer().brief().plan(), run.resolve("ledger.jsonl"));
      String digest = CheckpointStore.digest(checkpoint);
      String undisturbed = staleness == 0 ? undisturbed(steps) : "";
      return new Verdict(staleness, steps, audit, digest, undisturbed);
    } catch (IOException e) {
      throw new UserException(e.getMessage(), e);
    }
  }

  /** Digest after so many steps of a run in one process. */
  private String undisturbed(long steps) throws CheckpointException {
    say.accept("the same %d steps undisturbed, in one process".formatted(steps));
    Path run = options.directory().resolve("undisturbed");
    Settings settings =
        Settings.of(
            ChaosRun.settings(options.settings(), 0)
                .config()
                .withValue("urrl.train.max-steps", ConfigValueFactory.fromAnyRef(steps)));
    try (Pretraining training = Pretraining.start(settings, run, false, RunView.NONE)) {
      if (training.outcome().join() instanceof RunNews.Outcome.Broken broken) {
        throw new UserException(broken.text());
      }
    }
    return CheckpointStore.digest(RunCheckpoints.at(run, steps));
  }
}
