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
import io.urrl.actors.stream.Streams;
import io.urrl.augment.data.OpenSets;
import io.urrl.augment.worker.AugmentWorker;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.worker.EvaluationWorker;
import io.urrl.gpu.worker.GpuWorker;
import io.urrl.parameters.shard.ParameterShard;
import io.urrl.parameters.shard.ShardState;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
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

  private final Streams streams;
  private final ActorSystem<NodeGuardian.Command> system;
  private final ClusterSingleton singletons;
  private final ActorRef<SupplyCommand> supply;

  private Node(NodeSettings settings, Config config, long runId) {
    streams = Streams.open(settings.stream(), runId);
    TensorRuntime runtime = TensorRuntime.open(settings.tensorThreads(), settings.tensorIsa());
    system =
        ActorSystem.create(
            NodeGuardian.create(),
            settings.name(),
            config.withFallback(ConfigFactory.load()).resolve());
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    singletons = ClusterSingleton.get(system);
    supply = singleton(ViewSupply.create(settings.samplesPerTask()), "view-supply");
    OpenSets sets = new OpenSets();
    for (int worker = 1; worker <= settings.augmentWorkers(); worker++) {
      keep(
          "augment-worker-" + worker,
          () -> AugmentWorker.create(streams, sets, settings.augmentWindow()));
    }
    for (int worker = 1; worker <= settings.gpuWorkers(); worker++) {
      TensorRuntime own = runtime.ofWorker(worker - 1);
      keep("gpu-worker-" + worker, () -> GpuWorker.create(settings.gpuWorker(), streams, own));
    }
    for (int worker = 1; worker <= settings.evaluationWorkers(); worker++) {
      keep("evaluation-worker-" + worker, () -> EvaluationWorker.create(streams, runtime));
    }
  }

  /**
   * Starts the node and its workers.
   *
   * @param config overrides of Pekko's settings
   * @param runId identity of the run, in every chunk header
   */
  public static Node start(NodeSettings settings, Config config, long runId) {
    return new Node(settings, config, runId);
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
   * @param monitor hears of every step and keeps the record
   */
  public ActorRef<TrainerCommand> startRun(
      TrainerSettings run, ShardState.Opener open, ActorRef<RunEvent> monitor) {
    keep("parameter-shard", () -> ParameterShard.create(streams, open, run.leaseTimeout()));
    return singleton(Trainer.create(run, supply, monitor), "trainer");
  }

  /** Starts the coordinator of evaluations. */
  public ActorRef<EvaluationCommand> startEvaluation() {
    return singleton(EvaluationCoordinator.create(), "evaluation-coordinator");
  }

  /** Spawns an actor that serves whoever runs this node, on a thread of its own. */
  public <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
    return system.systemActorOf(
        behavior,
        name,
        org.apache.pekko.actor.typed.Props.empty().withDispatcherFromConfig(PINNED));
  }

  private void keep(String name, java.util.function.Supplier<Behavior<?>> behavior) {
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
          .orTimeout(SHUTDOWN.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      system.log().warn("actors did not stop within {} s", SHUTDOWN.toSeconds());
    }
    streams.close();
  }
}
