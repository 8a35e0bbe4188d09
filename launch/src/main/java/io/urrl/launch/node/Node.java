package io.urrl.launch.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.EvaluationCoordinator;
import io.urrl.actors.run.Trainer;
import io.urrl.actors.run.ViewSupply;
import io.urrl.actors.stream.StreamException;
import io.urrl.actors.stream.Streams;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.launch.UserException;
import io.urrl.launch.run.OpenedRun;
import io.urrl.launch.run.RunView;
import io.urrl.parameters.shard.ParameterShard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * A running node with all roles: the same actors, messages and streams that a cluster of many nodes
 * uses.
 */
public final class Node implements AutoCloseable {
  private static final String PINNED = "urrl-pinned-dispatcher";
  private static final Duration SHUTDOWN = Duration.ofSeconds(20);
  private static final int MOST_RESTARTS = 3;
  private static final Duration CALM = Duration.ofMinutes(1);

  /**
   * The actors of a run, wherever they are at present.
   *
   * @param trainer steers it
   * @param recorder keeps its record and tells who watches
   */
  public record Run(ActorRef<TrainerCommand> trainer, ActorRef<RunEvent> recorder) {}

  private final Streams streams;
  private final Duration sendTimeout;
  private final ActorSystem<NodeGuardian.Command> system;
  private final ClusterSingleton singletons;
  private final ActorRef<SupplyCommand> supply;

  private Node(NodeSettings settings, Config config) {
    streams = Streams.open(settings.stream());
    sendTimeout = settings.stream().sendTimeout();
    TensorRuntime runtime = TensorRuntime.open(settings.tensorThreads(), settings.tensorIsa());
    system =
        ActorSystem.create(
            NodeGuardian.create(Node::millis),
            settings.name(),
            config.withFallback(ConfigFactory.load()).resolve());
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    singletons = ClusterSingleton.get(system);
    supply =
        singleton(
            ViewSupply.create(settings.samplesPerTask(), settings.viewTimeout(), Node::millis),
            "view-supply");
    WorkerRole.Room room = new WorkerRole.Room(streams, runtime, sendTimeout, this::keep);
    settings.roles().forEach(role -> role.begin(room));
  }

  /**
   * Starts the node and the workers of its roles.
   *
   * @param config overrides of Pekko's settings
   */
  public static Node start(NodeSettings settings, Config config) {
    return new Node(settings, config);
  }

  /** The actor system, for those who add actors of their own. */
  public ActorSystem<NodeGuardian.Command> system() {
    return system;
  }

  /** Where pictures are fetched. */
  public ActorRef<SupplyCommand> supply() {
    return supply;
  }

  /** The data plane. */
  public Streams streams() {
    return streams;
  }

  /**
   * Starts the roles of a run that this node may hold: parameter shards, trainer and recorder. Each
   * opens what it needs from the run's directory.
   *
   * @param directory of the run, which all nodes of trainer and parameters see
   * @throws UserException when there is no run that can be read
   */
  public Run startRun(Path directory) {
    return startRun(OpenedRun.of(directory));
  }

  /** The same of a run that this node has opened. */
  public Run startRun(OpenedRun run) {
    OpenedRun.Constants constants = run.constants();
    RunRecorder.Judge judge =
        constants
            .judged()
            .<RunRecorder.Judge>map(settings -> new NeighbourJudge(this, run, settings))
            .orElse(RunRecorder.Judge.NONE);
    int batch = constants.trainer().brief().plan().globalBatch();
    ActorRef<RunEvent> recorder =
        singletons.init(
            SingletonActor.of(
                    restarted(RunRecorder.create(run::files, batch, judge)), "run-recorder")
                .withProps(pinned()));
    for (int shard = 1; shard <= constants.trainer().shards(); shard++) {
      keep("parameter-shard-" + shard, () -> shard(run, recorder));
    }
    Behavior<TrainerCommand> trainer =
        Trainer.create(constants.trainer(), supply, recorder, run.terms(), Node::millis);
    ActorRef<TrainerCommand> proxy =
        singletons.init(
            SingletonActor.of(
                    Behaviors.supervise(trainer).onFailure(SupervisorStrategy.restart()), "trainer")
                .withProps(pinned()));
    return new Run(proxy, recorder);
  }

  private Behavior<ShardCommand> shard(OpenedRun run, ActorRef<RunEvent> recorder) {
    return ParameterShard.create(
        new ParameterShard.Means(
            streams,
            run.constants().trainer().brief().runId(),
            origin -> run.state(origin, text -> recorder.tell(new RunEvent.Notice(text))),
            run.terms(),
            system.dispatchers().lookup(DispatcherSelector.blocking()),
            sendTimeout,
            Node::millis));
  }

  /**
   * Shows a run to somebody on this node.
   *
   * @return how it ends; what shows it may not fail more than a few times
   */
  public CompletableFuture<RunNews.Outcome> watch(Run run, RunView view) {
    CompletableFuture<RunNews.Outcome> outcome = new CompletableFuture<>();
    ActorRef<RunNews> watcher =
        spawn(RunWatcher.create(run.recorder(), view, outcome), "run-watcher");
    system.tell(
        new NodeGuardian.Watch(
            watcher,
            () ->
                outcome.complete(
                    new RunNews.Outcome.Broken("what shows the run failed; see the log"))));
    return outcome;
  }

  /** A clock of the node's actors. */
  static long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  /** Starts the coordinator of evaluations. */
  public ActorRef<EvaluationCommand> startEvaluation() {
    return singleton(EvaluationCoordinator.create(), "evaluation-coordinator");
  }

  /**
   * Spawns an actor that serves whoever runs this node, on a thread of its own. It is restarted
   * when it fails, a few times at most.
   */
  public <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
    return system.systemActorOf(restarted(behavior), name, pinned());
  }

  private static <T> Behavior<T> restarted(Behavior<T> behavior) {
    return Behaviors.supervise(behavior)
        .onFailure(SupervisorStrategy.restart().withLimit(MOST_RESTARTS, CALM));
  }

  private static Props pinned() {
    return Props.empty().withDispatcherFromConfig(PINNED);
  }

  /**
   * Is completed when the node cannot go on, with a text that says why: its data plane is lost, or
   * the cluster has put it out.
   */
  public CompletionStage<String> lost() {
    CompletionStage<String> terminated =
        system
            .getWhenTerminated()
            .thenApply(done -> "this node left its cluster; start it again with --resume");
    return streams
        .lost()
        .thenApply(StreamException::getMessage)
        .applyToEither(terminated, text -> text);
  }

  private void keep(String name, Supplier<Behavior<?>> behavior) {
    system.tell(new NodeGuardian.Keep(name, behavior, PINNED));
  }

  private <T> ActorRef<T> singleton(Behavior<T> behavior, String name) {
    return singletons.init(
        SingletonActor.of(
            Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restart()), name));
  }

  @Override
  public void close() {
    system.terminate();
    try {
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .orTimeout(SHUTDOWN.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      system.log().warn("actors did not stop within {} s", SHUTDOWN.toSeconds());
    }
    streams.close();
  }
}
