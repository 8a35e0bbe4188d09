package io.urrl.launch.command;

import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob.EvaluationData;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.augment.data.DataException;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.node.Evaluations;
import io.urrl.launch.node.Node;
import io.urrl.launch.report.EvaluationTable;
import io.urrl.launch.run.EvaluationCost;
import io.urrl.launch.run.EvaluationLog;
import io.urrl.launch.run.EvaluationView;
import io.urrl.launch.run.JsonLines;
import io.urrl.launch.run.RunCheckpoints;
import io.urrl.launch.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The linear evaluation at the end of pre-training: the trained encoder beside the same untrained
 * and beside raw pixels. Where nobody asked for it, it is left out if it would be long beside the
 * training, or if the data set has no classes or no test pictures.
 */
public final class FinalEvaluation {

  /** What the command line says of it. */
  public enum Wish {
    NEVER,
    ALWAYS,
    /** Only where it takes a small part of the training. */
    WHERE_SHORT
  }

  private final Settings settings;
  private final Wish wish;
  private final EvaluationData data;
  private final String hindrance;

  private FinalEvaluation(Settings settings, Wish wish, EvaluationData data, String hindrance) {
    this.settings = settings;
    this.wish = wish;
    this.data = data;
    this.hindrance = hindrance;
  }

  /**
   * Looks at the data set.
   *
   * @throws UserException when an evaluation is asked for and not possible
   */
  public static FinalEvaluation of(Settings settings, Wish wish) {
    if (wish == Wish.NEVER) {
      return new FinalEvaluation(settings, wish, null, "");
    }
    try {
      return new FinalEvaluation(settings, wish, Evaluations.data(settings), "");
    } catch (DataException | UserException e) {
      if (wish == Wish.ALWAYS) {
        throw new UserException(e.getMessage(), e);
      }
      return new FinalEvaluation(settings, wish, null, e.getMessage());
    }
  }

  /**
   * Whether to evaluate; says why not and how to do it by hand.
   *
   * @param version that the training ended at
   * @param path directory of the run
   * @param say takes lines for people
   */
  public boolean isDue(long version, Path path, Consumer<String> say) {
    if (wish == Wish.NEVER) {
      return false;
    }
    String command = "urrl evaluate linear --checkpoint " + path;
    if (data == null) {
      say.accept("no evaluation: %s; when that is mended: %s".formatted(hindrance, command));
      return false;
    }
    double share = EvaluationCost.share(settings, data, version);
    if (wish == Wish.WHERE_SHORT && share > EvaluationCost.SMALL) {
      say.accept(
          String.format(
              Locale.ROOT,
              "no evaluation: it would take about %.1f times as long as the training; run it with:"
                  + " %s",
              share,
              command));
      return false;
    }
    return true;
  }

  /**
   * Evaluates.
   *
   * @param node with evaluation workers
   * @param version that the training ended at
   * @param path directory of the run
   * @param say takes lines for people
   */
  public void run(Node node, long version, Path path, EvaluationView view, Consumer<String> say) {
    say.accept("linear evaluation on " + settings.source());
    Evaluations evaluations = new Evaluations(node, settings, data);
    FeatureSource trained =
        new FeatureSource.Checkpoint(RunCheckpoints.at(path, version).toString());
    FeatureSource untrained = new FeatureSource.Untrained(settings.train().seed());
    List<CompletableFuture<Outcome>> results =
        List.of(
            evaluations.linear("trained encoder", trained, view),
            evaluations.linear("the same untrained", untrained, view),
            evaluations.linear("raw pixels", new FeatureSource.Pixels(), view));
    say.accept(EvaluationTable.of(results));
    record(results, version, path);
  }

  private void record(List<CompletableFuture<Outcome>> results, long step, Path path) {
    try (JsonLines lines = new JsonLines(path.resolve(RunFiles.EVALUATIONS))) {
      for (CompletableFuture<Outcome> result : results) {
        if (result.join() instanceof Outcome.Measured measured) {
          lines.append(EvaluationLog.linear(step, settings, measured));
        }
      }
    } catch (IOException e) {
      throw new UserException(e.getMessage(), e);
    }
  }
}
