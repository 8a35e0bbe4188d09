package io.urrl.launch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigRenderOptions;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.TrainerSettings;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.augment.transform.ViewRecipe;
import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.node.Node;
import io.urrl.launch.node.NodeSettings;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.StateLayout;
import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointStore;
import io.urrl.parameters.shard.ShardState;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/** A pre-training run: what its settings mean, and the actors that carry it out on this node. */
public final class Pretraining implements AutoCloseable {
  private static final String PRODUCT = "urrl 0.1";

  private final Settings settings;
  private final RunDirectory directory;
  private final RunBrief brief;
  private final Node node;
  private final JsonLines metrics;
  private final JsonLines ledger;
  private final CompletableFuture<RunRecorder.Outcome> outcome = new CompletableFuture<>();
  private final ActorRef<TrainerCommand> trainer;

  private Pretraining(
      Settings settings,
      RunDirectory directory,
      RunBrief brief,
      PictureSet train,
      Consumer<ParameterState> fresh,
      RunView view)
      throws IOException {
    this.settings = settings;
    this.directory = directory;
    this.brief = brief;
    metrics = directory.lines("metrics.jsonl");
    ledger = directory.lines("ledger.jsonl");
    CheckpointStore store = CheckpointStore.open(directory.path(), settings.checkpointKeep());
    ShardState.Facts facts = facts(settings, brief);
    requireFitting(store, facts);
    node = Node.start(NodeSettings.of(settings), settings.config(), brief.runId());
    trainer =
        node.startRun(
            new TrainerSettings(
                brief,
                settings.train().rate(brief.plan().scheduledSteps()),
                settings.checkpointEvery(),
                settings.train().onNan(),
                settings.workers().prefetch(),
                settings.workers().leaseTimeout(),
                (int) (settings.maxBroken() * train.size())),
            () ->
                ShardState.open(
                    facts,
                    store,
                    fresh,
                    damage ->
                        view.notice(
                            "checkpoint "
                                + damage.directory()
                                + " is damaged ("
                                + damage.reason()
                                + "); going back to the one before")),
            node.spawn(
                RunRecorder.create(metrics, ledger, view, brief.plan().globalBatch(), outcome),
                "recorder"));
  }

  /**
   * Starts a run, or goes on with one.
   *
   * @param resume whether the directory holds a run that goes on
   * @throws UserException when data, settings or directory do not allow it
   */
  public static Pretraining start(
      Settings settings, RunDirectory directory, boolean resume, RunView view) {
    try {
      ViewRecipe.named(settings.recipe(), settings.imageSize());
      PictureSet train = PictureSets.open(settings.source(), Split.TRAIN);
      RunBrief brief = brief(settings, train, true);
      if (resume) {
        requireSame(directory.description(), settings, train);
      } else {
        directory.describe(description(settings, train));
      }
      EncoderSpec spec = spec(settings);
      long seed = settings.train().seed();
      return new Pretraining(
          settings,
          directory,
          brief,
          train,
          state -> {
            EncoderInit.fill(spec, seed, state.query());
            state.requireCompanions().queue().initialise(seed);
          },
          view);
    } catch (DataException | IllegalArgumentException | CheckpointException e) {
      throw new UserException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UserException(
          "run directory " + directory.path() + " cannot be used: " + e.getMessage(), e);
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

  private static RunBrief brief(Settings settings, PictureSet train, boolean shuffled) {
    Settings.Train how = settings.train();
    return new RunBrief(
        java.util.UUID.randomUUID().getMostSignificantBits(),
        plan(settings, train.size(), shuffled),
        new RunBrief.ViewBrief(settings.source(), settings.recipe(), settings.imageSize()),
        settings.encoder(),
        how.queue(),
        (float) how.momentum(),
        (float) how.temperature(),
        how.staleness(),
        settings.workers().tensorThreads());
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
        new StateLayout(spec.parameters(), spec.buffers(), brief.queue(), encoder.dim()),
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
        PRODUCT,
        plan);
  }

  /** Finds out before anything starts whether the checkpoint belongs to this network. */
  private static void requireFitting(CheckpointStore store, ShardState.Facts facts)
      throws CheckpointException {
    var newest = store.newestWhole(damage -> {});
    if (newest.isPresent()) {
      try (ParameterState probe = ParameterState.whole(facts.layout())) {
        CheckpointStore.restore(newest.get(), probe);
      }
    }
  }

  private static ObjectNode description(Settings settings, PictureSet train) {
    ObjectNode description = new ObjectMapper().createObjectNode();
    description.put("product", PRODUCT);
    description.put("java", Runtime.version().toString());
    description.put("samples", train.size());
    description.put("fingerprint", Long.toHexString(train.fingerprint()));
    description.put("settings", rendered(settings));
    return description;
  }

  private static String rendered(Settings settings) {
    return settings.config().getConfig("urrl").root().render(ConfigRenderOptions.concise());
  }

  private static void requireSame(JsonNode description, Settings settings, PictureSet train) {
    String fingerprint = Long.toHexString(train.fingerprint());
    if (!fingerprint.equals(description.path("fingerprint").asText())) {
      throw new UserException(
          settings.source() + " is not the data set that the run began with; give the same --data");
    }
  }

  /** Is completed when the run is over. */
  public CompletableFuture<RunRecorder.Outcome> outcome() {
    return outcome;
  }

  /** Asks for a checkpoint and the end. */
  public void stop() {
    trainer.tell(new TrainerCommand.Stop());
  }

  /** The node, for evaluations after the run. */
  public Node node() {
    return node;
  }

  /** What every worker knows. */
  public RunBrief brief() {
    return brief;
  }

  /** The settings. */
  public Settings settings() {
    return settings;
  }

  @Override
  public void close() {
    node.close();
    try {
      metrics.close();
      ledger.close();
    } catch (IOException e) {
      throw new UserException("the record in " + directory.path() + " cannot be closed", e);
    } finally {
      directory.close();
    }
  }
}
