package io.urrl.launch.node;

import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.actors.protocol.RunEvent.CheckpointKept;
import io.urrl.augment.data.DataException;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.run.EvaluationView;
import io.urrl.launch.run.OpenedRun;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Evaluates a run's checkpoints by nearest neighbours while it goes on, as often as its settings
 * say. For one thread.
 */
final class NeighbourJudge implements RunRecorder.Judge {
  private final Node node;
  private final OpenedRun run;
  private final Settings settings;

  /** Made for the first checkpoint that is due: that looks at the whole data set. */
  private Evaluations evaluations;

  NeighbourJudge(Node node, OpenedRun run, Settings settings) {
    this.node = node;
    this.run = run;
    this.settings = settings;
  }

  @Override
  public Optional<CompletableFuture<Outcome>> begin(CheckpointKept kept) {
    boolean due = kept.version() % settings.evaluate().knnEvery() == 0;
    return due ? Optional.of(judge(kept)) : Optional.empty();
  }

  private CompletableFuture<Outcome> judge(CheckpointKept kept) {
    try {
      return evaluations()
          .nearest(
              "step " + kept.version(),
              new FeatureSource.Checkpoint(run.checkpoint(kept.version()).toString()),
              EvaluationView.NONE);
    } catch (DataException | UserException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Evaluations evaluations() {
    if (evaluations == null) {
      evaluations = new Evaluations(node, settings);
    }
    return evaluations;
  }
}
