package io.urrl.launch.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunNews;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.run.LedgerAudit;
import io.urrl.launch.run.OpenedRun;
import io.urrl.launch.run.RunView;
import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** Small runs for tests, and what they leave behind. */
public final class Runs {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Settings of a run of a dozen steps, and what overrides them. */
  public static Settings settings(Map<String, String> overrides) {
    return SettingsLoader.load(null, flags(overrides));
  }

  /** The same as keys. */
  static Map<String, String> flags(Map<String, String> overrides) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("encoder.width", "4");
    keys.put("encoder.dim", "16");
    keys.put("encoder.image-size", "16");
    keys.put("train.max-steps", "12");
    keys.put("train.batch", "32");
    keys.put("train.micro-batch", "8");
    keys.put("train.queue", "128");
    keys.put("workers.tensor-threads", "1");
    keys.put("workers.samples-per-task", "4");
    keys.put("workers.view-timeout", "2");
    keys.put("workers.lease-timeout", "10");
    keys.put("checkpoint.every", "5");
    keys.putAll(overrides);
    return keys;
  }

  /** What a run leaves behind. */
  record Left(List<Double> losses, String digest, LedgerAudit.Report audit) {}

  /**
   * Runs to the end.
   *
   * @param onStep hears of every step's number while the run is under way
   */
  public static RunNews.Outcome run(
      Settings settings, Path path, boolean resume, StepListener onStep) {
    try (Pretraining training = Pretraining.start(settings, path, resume, new Listening(onStep))) {
      onStep.started(training);
      return training.outcome().join();
    }
  }

  /** Evaluates on a node of its own. */
  static <T> T onNode(Settings settings, Function<Evaluations, T> work) {
    try (Node node = Node.start(NodeSettings.of(settings), settings.config())) {
      return work.apply(new Evaluations(node, settings));
    }
  }

  /** Ends one of the actors that serve under a key. */
  static <T> void kill(Pretraining run, ServiceKey<T> key) {
    ActorSystem<?> system = run.node().system();
    Receptionist.Listing listing =
        AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
                system.receptionist(),
                reply -> Receptionist.find(key, reply),
                Duration.ofSeconds(5),
                system.scheduler())
            .toCompletableFuture()
            .join();
    ActorRef<T> victim = listing.getServiceInstances(key).iterator().next();
    Adapter.toClassic(victim).tell(PoisonPill.getInstance(), null);
  }

  /** Hears of a run under way. */
  public interface StepListener extends LongConsumer {
    /** The run's actors are up. */
    default void started(Pretraining training) {}

    /** A checkpoint is whole on disk. */
    default void checkpoint(long version) {}
  }

  static Left left(Settings settings, Path path, int samples)
      throws IOException, CheckpointException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(path.resolve("metrics.jsonl"))) {
      JsonNode step = JSON.readTree(line);
      if (step.get("step").asLong() != losses.size()) {
        throw new IOException("step " + step.get("step") + " at line " + losses.size());
      }
      losses.add(step.get("loss").asDouble());
    }
    Path checkpoint = CheckpointStore.open(path, 9).newestWhole(damage -> {}).orElseThrow();
    return new Left(
        losses,
        CheckpointStore.digest(checkpoint),
        LedgerAudit.check(OpenedRun.plan(settings, samples, true), path.resolve("ledger.jsonl")));
  }

  private record Listening(StepListener listener) implements RunView {
    @Override
    public void started(long version, long steps, String origin) {
      // Tests look at the steps.
    }

    @Override
    public void step(RunEvent.StepClosed step, double pairsPerSecond) {
      listener.accept(step.step());
    }

    @Override
    public void checkpoint(long version, String path) {
      listener.checkpoint(version);
    }

    @Override
    public void judged(long version, EvaluationCommand.Outcome outcome) {
      System.out.println("step " + version + ": " + outcome);
    }

    @Override
    public void notice(String text) {
      System.out.println(text);
    }
  }

  private Runs() {}
}
