package io.urrl.launch.node;

import io.urrl.actors.files.FileFailure;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob.EvaluationData;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.TrainerSettings;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.pretext.BitProbe;
import io.urrl.launch.Product;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.run.EvaluationView;
import io.urrl.launch.run.RunCheckpoints;
import io.urrl.launch.run.RunDescription;
import io.urrl.launch.run.RunDirectory;
import io.urrl.launch.run.RunFiles;
import io.urrl.launch.run.RunView;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.StateLayout;
import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointStore;
import io.urrl.parameters.shard.ShardState;
import io.urrl.parameters.shard.Terms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;

/** A pre-training run: what its settings mean, and the actors that carry it out on this node. */
public final class Pretraining implements AutoCloseable {
  private final Settings settings;
  private final RunDirectory directory;
  private final RunBrief brief;
  private final Node node;
  private final RunFiles files;
  private final Evaluations evaluations;
  private final CompletableFuture<RunRecorder.Outcome> outcome = new CompletableFuture<>();
  private final ActorRef<TrainerCommand> trainer;

  private Pretraining(
      Settings settings,
      RunDirectory directory,
      PictureSet train,
      TensorRuntime runtime,
      EvaluationData evaluation,
      RunView view)
      throws IOException {
    this.settings = settings;
    this.directory = directory;
    brief = brief(settings, train, runtime);
    files = RunFiles.open(directory.path());
    CheckpointStore store = CheckpointStore.open(directory.path(), settings.checkpointKeep());
    ShardState.Facts facts = facts(settings, brief);
    node = Node.start(NodeSettings.of(settings), settings.config(), brief.runId());
    evaluations = evaluation == null ? null : new Evaluations(node, settings, evaluation);
    ActorRef<RunEvent> recorder =
        node.spawn(
            RunRecorder.create(
                files,
                view,
                brief.plan().globalBatch(),
                settings.evaluate().knnEvery() > 0 ? this::judge : RunRecorder.Judge.NONE,
                outcome),
            "recorder");
    node.whenGone(recorder, () -> lose("the recorder of the run failed; see the log"));
    node.lost().thenAccept(this::lose);
    trainer =
        node.startRun(
            new TrainerSettings(
                brief,
                settings.train().rate(brief.plan().scheduledSteps()),
                settings.checkpointEvery(),
                settings.evaluate().knnEvery(),
                settings.train().onNan(),
                settings.workers().prefetch(),
                settings.workers().leaseTimeout(),
                (int) (settings.maxBroken() * train.size())),
            () ->
                ShardState.open(
                    facts,
                    store,
                    this::initialise,
                    damage ->
                        view.notice(
                            "checkpoint "
                                + damage.directory()
                                + " is damaged ("
                                + damage.reason()
                                + "); going back to the one before")),
            Terms.of(directory.path()),
            recorder);
  }

  private void lose(String text) {
    outcome.complete(new RunRecorder.Outcome.Broken(text));
  }

  /**
   * Starts a run, or goes on with one. Nothing is written before the data were looked at.
   *
   * @param given settings; those of the tensor library are resolved on this machine
   * @param path directory of the run
   * @param resume whether the directory holds a run that goes on
   * @throws UserException when data, settings or directory do not allow it
   */
  public static Pretraining start(Settings given, Path path, boolean resume, RunView view) {
    try {
      Settings settings = given.onThisMachine();
      PictureSet train = training(settings, resume);
      train.notices().forEach(view::notice);
      EvaluationData evaluation =
          settings.evaluate().knnEvery() > 0 ? Evaluations.data(settings) : null;
      RunDirectory directory = RunDirectory.open(path, resume);
      try {
        TensorRuntime runtime = runtime(settings);
        if (resume) {
          RunDescription description = RunDescription.read(path);
          description.requireSame(settings, train);
          description.requireSameBits(settings, runtime);
          requireFitting(settings, path, description.settings().checkpointEvery());
          directory.describe(RunDescription.updated(path, settings));
        } else {
          directory.describe(RunDescription.of(settings, train, runtime).json());
        }
        return new Pretraining(settings, directory, train, runtime, evaluation, view);
      } catch (IOException | RuntimeException e) {
        directory.close();
        throw e;
      }
    } catch (DataException | IllegalArgumentException | CheckpointException e) {
      throw new UserException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UserException(
          "run directory %s cannot be used: %s; make it writable or give another --run"
              .formatted(path, FileFailure.reason(path, e)),
          e);
    }
  }

  /**
   * Checks, before anything of a run is moved, that it may go on with these settings and data on
   * this machine.
   *
   * @throws UserException naming what does not allow it
   */
  public static void requireResumable(Settings given, Path path) {
    Settings settings = given.onThisMachine();
    RunDescription description = RunDescription.read(path);
    description.requireSame(settings, training(settings, true));
    description.requireSameBits(settings, runtime(settings));
  }

  private static TensorRuntime runtime(Settings settings) {
    Settings.Workers workers = settings.workers();
    return TensorRuntime.open(workers.tensorThreads(), workers.tensorIsa());
  }

  private static PictureSet training(Settings settings, boolean resume) {
    try {
      return PictureSets.open(settings.source(), Split.TRAIN);
    } catch (DataException e) {
      throw new UserException(
          e.getMessage() + (resume ? " (the run's data may be elsewhere now: --data DATA)" : ""),
          e);
    }
  }

  /** The network of these settings. */
  public static EncoderSpec spec(Settings settings) {
    RunBrief.EncoderBrief encoder = settings.encoder();
    return EncoderSpec.moco(
        encoder.arch(), encoder.width(), encoder.stem(), encoder.hidden(), encoder.dim());
  }

  /** The plan of these settings on a data set. */
  public static RunPlan plan(Settings settings, int samples, boolean shuffled) {
    Settings.Train train = settings.train();
    return new RunPlan(
        train.seed(),
        shuffled,
        samples,
        train.epochs(),
        train.maxSteps(),
        train.batch(),
        train.microBatch(),
        train.groups());
  }

  private static RunBrief brief(Settings settings, PictureSet train, TensorRuntime runtime) {
    Settings.Train how = settings.train();
    return new RunBrief(
        java.util.UUID.randomUUID().getMostSignificantBits(),
        plan(settings, train.size(), true),
        new RunBrief.ViewBrief(settings.source(), settings.recipe(), settings.imageSize()),
        settings.encoder(),
        how.queue(),
        (float) how.momentum(),
        (float) how.temperature(),
        how.staleness(),
        settings.workers().tensorThreads(),
        how.exact() && how.staleness() == 0 ? BitProbe.of(runtime) : 0);
  }

  private static ShardState.Facts facts(Settings settings, RunBrief brief) {
    EncoderSpec spec = spec(settings);
    RunBrief.EncoderBrief encoder = settings.encoder();
    Map<String, String> plan = new LinkedHashMap<>();
    plan.put("seed", Long.toString(brief.plan().seed()));
    plan.put("samples", Integer.toString(brief.plan().samples()));
    plan.put("epochs", Integer.toString(brief.plan().epochs()));
    plan.put("batch", Integer.toString(brief.plan().globalBatch()));
    plan.put("micro-batch", Integer.toString(brief.plan().microBatch()));
    plan.put("bn-groups", Integer.toString(brief.plan().groups()));
    plan.put("recipe", settings.recipe());
    plan.put("image-size", Integer.toString(settings.imageSize()));
    return new ShardState.Facts(
        layout(settings),
        brief.plan().groups(),
        settings.train().sgdMomentum(),
        settings.train().weightDecay(),
        Runtime.getRuntime().availableProcessors(),
        "%s stem %s width %d head %d-%d"
            .formatted(
                encoder.arch(),
                encoder.stem(),
                encoder.width(),
                spec.head().getFirst(),
                encoder.dim()),
        Product.NAME,
        plan);
  }

  /** Finds out before anything starts whether the checkpoint belongs to this network. */
  private static void requireFitting(Settings settings, Path path, int checkpointEvery)
      throws IOException, CheckpointException {
    var newest = RunCheckpoints.requireOneIfThereWas(path, checkpointEvery);
    if (newest.isPresent()) {
      try (ParameterState probe = ParameterState.whole(layout(settings))) {
        CheckpointStore.restore(newest.get(), probe);
      }
    }
  }

  private static StateLayout layout(Settings settings) {
    EncoderSpec spec = spec(settings);
    return new StateLayout(
        spec.parameters(), spec.buffers(), settings.train().queue(), settings.encoder().dim());
  }

  private void initialise(ParameterState state) {
    long seed = settings.train().seed();
    EncoderInit.fill(spec(settings), seed, state.query());
    state.requireCompanions().queue().initialise(seed);
  }

  private Optional<CompletableFuture<Outcome>> judge(RunEvent.CheckpointKept kept) {
    boolean due = kept.version() % settings.evaluate().knnEvery() == 0;
    return due
        ? Optional.of(
            evaluations.nearest(
                "step " + kept.version(),
                new FeatureSource.Checkpoint(kept.path()),
                EvaluationView.NONE))
        : Optional.empty();
  }

  /** Is completed when the run is over. */
  public CompletableFuture<RunRecorder.Outcome> outcome() {
    return outcome;
  }

  /** Asks for a checkpoint and the end, until it comes: a trainer that is replaced forgets it. */
  public void stop() {
    if (!outcome.isDone()) {
      trainer.tell(new TrainerCommand.Stop());
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(this::stop);
    }
  }

  /** The node that the run's actors live on. */
  public Node node() {
    return node;
  }

  /** The run's trainer. */
  ActorRef<TrainerCommand> trainer() {
    return trainer;
  }

  /** The settings. */
  public Settings settings() {
    return settings;
  }

  @Override
  public void close() {
    node.close();
    try {
      files.close();
    } catch (IOException e) {
      throw new UserException("the record in " + directory.path() + " cannot be closed", e);
    } finally {
      directory.close();
    }
  }
}
