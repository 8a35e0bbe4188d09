package io.urrl.launch.run;

import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.run.TrainerSettings;
import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.launch.Product;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
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
import java.util.function.Consumer;

/**
 * A run as its directory tells it: what each role needs to carry it out, on whichever node that is.
 * Nothing of it comes from the process that began the run.
 */
public final class OpenedRun {

  /**
   * What is fixed for a run.
   *
   * @param trainer how the trainer steers it
   * @param facts what the parameter shards are to know of it
   * @param checkpoints newest ones that are kept
   * @param fresh fills the state of a run that begins
   * @param judged settings of the evaluations of its checkpoints while it goes on; empty for none
   */
  public record Constants(
      TrainerSettings trainer,
      ShardState.Facts facts,
      int checkpoints,
      Consumer<ParameterState> fresh,
      Optional<Settings> judged) {}

  private final Path directory;
  private final Constants constants;

  /** One for all shards of this process: one of them writes at a time. */
  private CheckpointStore store;

  /**
   * @param directory where terms, record and checkpoints are
   */
  public OpenedRun(Path directory, Constants constants) {
    this.directory = directory;
    this.constants = constants;
  }

  /**
   * Opens the run in a directory.
   *
   * @throws UserException when there is none that can be read
   */
  public static OpenedRun of(Path directory) {
    RunDescription description = RunDescription.read(directory);
    Settings settings = description.settings();
    RunBrief brief = brief(settings, description);
    return new OpenedRun(
        directory,
        new Constants(
            new TrainerSettings(
                brief,
                settings.train().rate(brief.plan().scheduledSteps()),
                settings.checkpointEvery(),
                settings.evaluate().knnEvery(),
                settings.train().onNan(),
                settings.workers().prefetch(),
                settings.workers().leaseTimeout(),
                (int) (settings.maxBroken() * description.samples()),
                settings.slices(),
                settings.workers().parameters()),
            facts(settings, brief),
            settings.checkpointKeep(),
            state -> initialise(settings, state),
            Optional.of(settings).filter(all -> all.evaluate().knnEvery() > 0)));
  }

  /** What is fixed for it. */
  public Constants constants() {
    return constants;
  }

  /** The terms that were begun in it. */
  public Terms terms() {
    return Terms.of(directory);
  }

  /** Its record, open for writing. */
  public RunFiles files() throws IOException {
    return RunFiles.open(directory);
  }

  /** The checkpoint of a version, for any node that sees the directory in the same place. */
  public Path checkpoint(long version) {
    return RunCheckpoints.at(directory.toAbsolutePath(), version);
  }

  /**
   * A shard's part of a checkpoint, or of a fresh run.
   *
   * @param origin which one
   * @param notice hears, for people, of checkpoints that are passed over
   * @throws IllegalStateException with a text for people when the checkpoints cannot be used
   */
  public ShardState state(ShardState.Origin origin, Consumer<String> notice) {
    try {
      return ShardState.open(
          constants.facts(),
          origin,
          store(),
          constants.fresh(),
          damage ->
              notice.accept(
                  "checkpoint "
                      + damage.directory()
                      + " is damaged ("
                      + damage.reason()
                      + "); going back to the one before"));
    } catch (CheckpointException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private synchronized CheckpointStore store() throws CheckpointException {
    if (store == null) {
      store = CheckpointStore.open(directory, constants.checkpoints());
    }
    return store;
  }

  /** Finds out before anything starts whether record, terms and checkpoints can be used here. */
  public void requireUsable() throws IOException {
    files().close();
    terms().highest();
    store();
  }

  /**
   * Finds out before anything starts whether the newest checkpoint in a directory belongs to the
   * network of these settings.
   *
   * @param checkpointEvery steps between the run's checkpoints until now
   * @throws UserException when there were checkpoints and none is whole
   */
  public static void requireFitting(Settings settings, Path path, int checkpointEvery)
      throws IOException, CheckpointException {
    var newest = RunCheckpoints.requireOneIfThereWas(path, checkpointEvery);
    if (newest.isPresent()) {
      try (ParameterState probe = ParameterState.whole(layout(settings))) {
        CheckpointStore.restore(newest.get(), probe);
      }
    }
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

  private static RunBrief brief(Settings settings, RunDescription description) {
    Settings.Train how = settings.train();
    return new RunBrief(
        description.runId(),
        plan(settings, description.samples(), true),
        new RunBrief.ViewBrief(
            new DataSet(settings.source(), description.trainFingerprint(), 0),
            settings.viewRecipe(),
            settings.imageSize()),
        settings.encoder(),
        settings.objective(),
        how.staleness(),
        settings.workers().tensorThreads(),
        how.exact() && how.staleness() == 0 ? description.bitProbe() : 0);
  }

  private static ShardState.Facts facts(Settings settings, RunBrief brief) {
    EncoderSpec spec = EncoderSpec.of(settings.encoder());
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
        settings.train().sgdMomentum(),
        settings.train().weightDecay(),
        Math.max(1, Runtime.getRuntime().availableProcessors() / settings.workers().parameters()),
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

  private static StateLayout layout(Settings settings) {
    EncoderSpec spec = EncoderSpec.of(settings.encoder());
    return new StateLayout(spec.parameters(), spec.buffers(), settings.objective());
  }

  private static void initialise(Settings settings, ParameterState state) {
    long seed = settings.train().seed();
    EncoderInit.fill(EncoderSpec.of(settings.encoder()), seed, state.parameters());
    state.companions().forEach(companion -> companion.initialise(seed));
  }
}
