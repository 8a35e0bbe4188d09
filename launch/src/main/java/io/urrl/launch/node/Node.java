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
import io.urrl.actors.run.NodeSilence;
import io.urrl.actors.run.Trainer;
import io.urrl.actors.run.ViewSupply;
import io.urrl.actors.stream.StreamException;
import io.urrl.launch.UserException;
import io.urrl.launch.config.HostPort;
import io.urrl.launch.config.NodeRole;
import io.urrl.launch.run.OpenedRun;
import io.urrl.launch.run.RunFiles;
import io.urrl.launch.run.RunView;
import io.urrl.parameters.shard.ParameterShard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.ReachabilityEvent;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.Leave;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.remote.RemoteTransportException;
import org.slf4j.LoggerFactory;

/**
 * A running node: the actors of its roles, in a cluster of many nodes or of this one alone. Which
 * of the nodes that may hold the trainer, the record, the view supply and the coordinator of
 * evaluations does so is the cluster's affair: each is there once, and moves when its node leaves
 * or dies.
 */
public final class Node implements AutoCloseable {
  private static final String PINNED = "urrl-pinned-dispatcher";
  private static final Duration SHUTDOWN = Duration.ofSeconds(20);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int MOST_RESTARTS = 3;
  private static final Duration CALM = Duration.ofMinutes(1);

  /**
   * The actors of a run, wherever they are at present.
   *
   * @param trainer steers it
   * @param recorder keeps its record and tells who watches
   */
  public record Run(ActorRef<TrainerCommand> trainer, ActorRef<RunEvent> recorder) {
    /**
     * Asks for a checkpoint and the end, until it comes: a trainer that is replaced forgets it.
     * Evaluations that are not over are given up.
     */
    public void stopUntil(CompletableFuture<RunNews.Outcome> end) {
      if (!end.isDone()) {
        trainer.tell(new TrainerCommand.Stop());
        recorder.tell(new RunEvent.JudgeNoMore());
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(() -> stopUntil(end));
      }
    }
  }

  private final NodeSettings settings;
  private final Room room;
  private final ActorSystem<NodeGuardian.Command> system;
  private final Cluster cluster;
  private final ClusterSingleton singletons;

  private Node(NodeSettings settings, Config config) {
    this.settings = settings;
    // Many threads that log first of all at the same time would be told to wait, on standard error.
    LoggerFactory.getILoggerFactory();
    room = new Room(settings, this::keep);
    try {
      system =
          ActorSystem.create(
              NodeGuardian.create(Node::millis),
              Membership.SYSTEM,
              config
                  .withFallback(settings.membership().config(settings.roles()))
                  .withFallback(ConfigFactory.load())
                  .resolve());
    } catch (RemoteTransportException e) {
      throw new UserException(
          "cannot bind %s:%d (cluster.host, cluster.port): %s"
              .formatted(
                  settings.membership().host(), settings.membership().port(), e.getMessage()),
          e);
    }
    cluster = Cluster.get(system);
    singletons = ClusterSingleton.get(system);
    if (settings.roles().contains(NodeRole.TRAINER)) {
      supply();
      startEvaluation();
    }
    settings.workers().forEach(role -> role.begin(room));
    settings.membership().join(cluster);
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
    return singleton(
        "view-supply",
        ViewSupply.create(settings.samplesPerTask(), settings.viewTimeout(), Node::millis),
        new ViewSupply.HandOver());
  }

  /** Keeps a file that says what this node is and how it stands in its cluster. */
  public void report(Path file) {
    system.systemActorOf(restarted(NodeReport.create(this, file)), "node-report", pinned());
  }

  /** What runs on this node. */
  NodeSettings settings() {
    return settings;
  }

  /** Address of its control messages. */
  public HostPort address() {
    Address address = cluster.selfMember().address();
    return new HostPort(
        address.getHost().orElse(settings.membership().host()), address.getPort().orElse(0));
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
        recorder(RunRecorder.create(record(run), batch, judge, System::nanoTime));
    for (int shard = 1; shard <= settings.shards(); shard++) {
      room.keep("parameter-shard-" + shard, () -> shard(run, recorder));
    }
    Behavior<TrainerCommand> trainer =
        Trainer.create(constants.trainer(), supply(), recorder, run.terms(), Node::millis);
    return new Run(trainer(Behaviors.setup(context -> listening(context, trainer))), recorder);
  }

  private static RunRecorder.Opening record(OpenedRun run) {
    return new RunRecorder.Opening() {
      @Override
      public RunFiles open() throws IOException {
        return run.files();
      }

      @Override
      public int newestTerm() throws IOException {
        return run.terms().highest();
      }
    };
  }

  /** Tells a trainer of nodes that the cluster does not hear, long before it puts them out. */
  private Behavior<TrainerCommand> listening(
      ActorContext<TrainerCommand> context, Behavior<TrainerCommand> trainer) {
    ActorRef<ReachabilityEvent> events =
        context.messageAdapter(
            ReachabilityEvent.class,
            event ->
                new NodeSilence(
                    event.member().address().toString(),
                    event instanceof ClusterEvent.UnreachableMember));
    cluster.subscriptions().tell(Subscribe.create(events, ReachabilityEvent.class));
    return trainer;
  }

  /** The run that the cluster works on, for a node that has no part in it. */
  public Run run() {
    return new Run(trainer(Behaviors.empty()), recorder(Behaviors.empty()));
  }

  private ActorRef<TrainerCommand> trainer(Behavior<TrainerCommand> behavior) {
    return singleton("trainer", behavior, new Trainer.HandOver());
  }

  private ActorRef<RunEvent> recorder(Behavior<RunEvent> behavior) {
    return singleton("run-recorder", behavior, new RunEvent.HandOver());
  }

  private Behavior<ShardCommand> shard(OpenedRun run, ActorRef<RunEvent> recorder) {
    return ParameterShard.create(
        new ParameterShard.Means(
            room.streams(),
            run.constants().trainer().brief().runId(),
            origin -> run.state(origin, text -> recorder.tell(new RunEvent.Notice(text))),
            run.terms(),
            system.dispatchers().lookup(DispatcherSelector.blocking()),
            room.patience(),
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
    return singleton(
        "evaluation-coordinator",
        EvaluationCoordinator.create(),
        new EvaluationCoordinator.HandOver());
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
   * it is no longer in its cluster.
   */
  public CompletionStage<String> lost() {
    CompletionStage<String> terminated =
        system.getWhenTerminated().thenApply(done -> "this node is no longer in its cluster");
    return room.opened()
        .<CompletionStage<String>>map(
            streams ->
                streams
                    .lost()
                    .thenApply(StreamException::getMessage)
                    .applyToEither(terminated, text -> text))
        .orElse(terminated);
  }

  /**
   * Leaves the cluster in order: the workers end, each with what it is at, and what else they held
   * goes to others; whatever this node holds once for all moves to another one. The end is that the
   * node is no longer in its cluster.
   */
  public void drain() {
    system.tell(new NodeGuardian.Drain(this::leave));
  }

  private void leave() {
    MemberStatus status = cluster.selfMember().status();
    if (status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp())) {
      cluster.manager().tell(Leave.create(cluster.selfMember().address()));
    } else {
      system.terminate();
    }
  }

  private void keep(String name, Supplier<Behavior<?>> behavior) {
    system.tell(new NodeGuardian.Keep(name, behavior, PINNED));
  }

  /**
   * An actor that is there once in the cluster, on a node that may hold the trainer.
   *
   * @param handOver has it stop, for a successor on another node
   */
  private <T> ActorRef<T> singleton(String name, Behavior<T> behavior, T handOver) {
    return singletons.init(
        SingletonActor.of(
                Behaviors.supervise(behavior)
                    .onFailure(
                        SupervisorStrategy.restartWithBackoff(FIRST_PAUSE, LONGEST_PAUSE, 0.2)),
                name)
            .withSettings(ClusterSingletonSettings.create(system).withRole(NodeRole.TRAINER.word()))
            .withStopMessage(handOver)
            .withProps(pinned()));
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
    room.close();
  }
}
