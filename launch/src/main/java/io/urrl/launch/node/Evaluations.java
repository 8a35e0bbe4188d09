package io.urrl.launch.node;

import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationCommand.Evaluate;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob;
import io.urrl.actors.protocol.EvaluationJob.EvaluationData;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.actors.protocol.EvaluationJob.Protocol;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.run.EvaluationView;
import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointPin;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** Hands evaluation jobs to a node and collects what comes of them. */
public final class Evaluations {
  private static final String LAYOUT =
      "an evaluation needs classes: train/CLASS/*.jpg beside test/CLASS/*.jpg, or KEY.cls in"
          + " shards";

  private final Node node;
  private final Settings settings;
  private final EvaluationData data;
  private final ActorRef<EvaluationCommand> coordinator;

  /** Evaluations on the data set of {@code settings}. */
  public Evaluations(Node node, Settings settings) {
    this(node, settings, data(settings));
  }

  /** Evaluations on a data set that was looked at before. */
  public Evaluations(Node node, Settings settings, EvaluationData data) {
    this.node = node;
    this.settings = settings;
    this.data = data;
    coordinator = node.startEvaluation();
  }

  /**
   * The data set that settings name.
   *
   * @throws UserException when it cannot be evaluated on
   */
  public static EvaluationData data(Settings settings) {
    String source = settings.source();
    if (!PictureSets.hasTest(source)) {
      throw new UserException("%s has no test pictures; %s".formatted(source, LAYOUT));
    }
    PictureSet train = PictureSets.open(source, Split.TRAIN);
    requireClasses("training", source, train);
    PictureSet test = PictureSets.open(source, Split.TEST);
    requireClasses("test", source, test);
    if (train.classes() != test.classes()) {
      throw new UserException(
          "%s has %d training classes and %d test classes; both parts need the same folders"
              .formatted(source, train.classes(), test.classes()));
    }
    return new EvaluationData(
        new DataSet(source, train.fingerprint(), test.fingerprint()),
        settings.imageSize(),
        train.size(),
        test.size(),
        train.classes());
  }

  private static void requireClasses(String part, String source, PictureSet pictures) {
    if (pictures.classes() == 0) {
      throw new UserException(
          "the %s pictures of %s have no classes; %s".formatted(part, source, LAYOUT));
    }
  }

  /** Linear evaluation of features, as the settings say. */
  public CompletableFuture<Outcome> linear(
      String title, FeatureSource features, EvaluationView view) {
    Settings.Evaluate how = settings.evaluate();
    return run(
        title,
        features,
        new Protocol.Linear(
            how.linearEpochs(), how.linearRate(), how.linearBatch(), settings.train().seed()),
        view);
  }

  /** Nearest neighbours of features, as the settings say. */
  public CompletableFuture<Outcome> nearest(
      String title, FeatureSource features, EvaluationView view) {
    Settings.Evaluate how = settings.evaluate();
    return run(
        title,
        features,
        new Protocol.NearestNeighbours(how.knnNeighbours(), how.knnTemperature()),
        view);
  }

  private CompletableFuture<Outcome> run(
      String title, FeatureSource features, Protocol protocol, EvaluationView view) {
    long id = UUID.randomUUID().getMostSignificantBits() >>> 1;
    if (!(features instanceof FeatureSource.Checkpoint checkpoint)) {
      return submit(id, title, features, protocol, view);
    }
    try {
      // The checkpoint is not pruned while its evaluation waits or reads it.
      CheckpointPin pin = CheckpointPin.of(Path.of(checkpoint.directory()));
      return submit(id, title, features, protocol, view)
          .whenComplete((outcome, failure) -> pin.close());
    } catch (CheckpointException e) {
      return CompletableFuture.completedFuture(new Outcome.Failed(id, title, e.getMessage()));
    }
  }

  private CompletableFuture<Outcome> submit(
      long id, String title, FeatureSource features, Protocol protocol, EvaluationView view) {
    EvaluationJob job =
        new EvaluationJob(
            id,
            title,
            features,
            data,
            settings.encoder(),
            protocol,
            settings.workers().tensorThreads());
    CompletableFuture<Outcome> result = new CompletableFuture<>();
    node.spawn(
        EvaluationClient.create(
            coordinator, reply -> new Evaluate(job, node.supply(), reply), view, result),
        "evaluation-" + id);
    return result;
  }
}
