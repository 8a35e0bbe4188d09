package io.urrl.actors.run;

import io.urrl.actors.protocol.AugmentCommand;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ViewTask;
import org.apache.pekko.actor.typed.delivery.ConsumerController;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** Names under which workers make themselves known to the cluster's receptionist. */
public final class ServiceKeys {
  /** GPU workers. */
  public static final ServiceKey<GpuWorkerCommand> GPU_WORKERS =
      ServiceKey.create(GpuWorkerCommand.class, "gpu-workers");

  /** Parameter shards, with or without a part in a term. */
  public static final ServiceKey<ShardCommand> SHARDS =
      ServiceKey.create(ShardCommand.class, "parameter-shards");

  /** Evaluation workers. */
  public static final ServiceKey<EvaluationCommand> EVALUATION_WORKERS =
      ServiceKey.create(EvaluationCommand.class, "evaluation-workers");

  /** Augment workers, to be asked how busy they are. */
  public static final ServiceKey<AugmentCommand> AUGMENT_LOADS =
      ServiceKey.create(AugmentCommand.class, "augment-loads");

  /** Consumer controllers of augment workers. */
  public static final ServiceKey<ConsumerController.Command<ViewTask>> AUGMENT_WORKERS =
      ServiceKey.create(ConsumerController.serviceKeyClass(), "augment-workers");

  private ServiceKeys() {}
}
