package io.urrl.launch.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.EvaluationCoordinator;
import io.urrl.actors.run.Trainer;
import io.urrl.actors.run.TrainerSettings;
import io.urrl.actors.run.ViewSupply;
import io.urrl.actors.stream.StreamException;
import io.urrl.actors.stream.Streams;
import io.urrl.augment.data.OpenSets;
import io.urrl.augment.worker.AugmentWorker;
import io.urrl.augment.worker.PictureViews;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.pretext.TorchEngine;
import io.urrl.gpu.worker.EvaluationWorker;
import io.urrl.gpu.worker.GpuWorker;
import io.urrl.parameters.shard.ParameterShard;
import io.urrl.parameters.shard.ShardState;
import io.urrl.parameters.shard.Terms;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
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
    OpenSets sets = new OpenSets();
    for (int worker = 1; worker <= settings.augmentWorkers(); worker++) {
      keep(
          "augment-worker-" + worker,
          () ->
              AugmentWorker.create(
                  new AugmentWorker.Means(
                      streams,
                      new PictureViews(sets),
                      settings.augmentWindow(),
                      settings.stream().sendTimeout(),
                      Node::millis)));
    }
    for (int worker = 1; worker <= settings.gpuWorkers(); worker++) {
      TensorRuntime own = runtime.ofWorker(worker - 1);
      GpuWorker.Means means =
          new GpuWorker.Means(
              settings.gpuWorker(),
              streams,
              new TorchEngine(own),
              ForkJoinPool.commonPool(),
              System::nanoTime);
      keep("gpu-worker-" + worker, () -> GpuWorker.create(means));
    }
    for (int worker = 1; worker <= settings.evaluationWorkers(); worker++) {
      keep("evaluation-worker-" + worker, () -> EvaluationWorker.create(streams, runtime));
    }
  }

  /**
   * Starts the node and its workers.
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
   * Starts a run: its parameter shard and its trainer.
   *
   * @param open loads the newest whole checkpoint, or makes the state of a fresh run
   * @param terms of the run directory
   * @param monitor hears of every step and keeps the record
   */
  public ActorRef<TrainerCommand> startRun(
      TrainerSettings run, ShardState.Opener open, Terms terms, ActorRef<RunEvent> monitor) {
    ParameterShard.Means means =
        new ParameterShard.Means(
            streams,
            open,
            terms,
            system.dispatchers().lookup(DispatcherSelector.blocking()),
            sendTimeout,
            Node::millis);
    keep("parameter-shard", () -> ParameterShard.create(means));
    return singleton(Trainer.create(run, supply, monitor, Node::millis), "trainer");
  }

  private static long millis() {
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
    return system.systemActorOf(
        Behaviors.supervise(behavior)
            .onFailure(SupervisorStrategy.restart().withLimit(MOST_RESTARTS, CALM)),
        name,
        Props.empty().withDispatcherFromConfig(PINNED));
  }

  /** Runs a task when an actor is gone. */
  public void whenGone(ActorRef<?> actor, Runnable task) {
    system.tell(new NodeGuardian.Watch(actor, task));
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
