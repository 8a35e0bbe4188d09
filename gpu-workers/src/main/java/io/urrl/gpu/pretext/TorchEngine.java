package io.urrl.gpu.pretext;

import io.urrl.actors.objective.Companion;
import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.TensorRuntime;

/**
 * PyTorch on one device.
 *
 * @param runtime the library with its threads and instructions
 */
public record TorchEngine(TensorRuntime runtime) implements PretextEngine {

  @Override
  public PretextEngine withThreads(int threads) {
    return new TorchEngine(runtime.withThreads(threads));
  }

  @Override
  public String describe() {
    return runtime.describe();
  }

  @Override
  public long probe() {
    return BitProbe.of(runtime);
  }

  @Override
  public Pretext open(RunBrief brief) {
    Objective objective = brief.objective();
    return switch (objective.name()) {
      case Moco.NAME ->
          new MocoReplica(
              runtime,
              EncoderSpec.of(brief.encoder()),
              brief.plan().microBatch(),
              brief.views().imageSize(),
              brief.plan().groups(),
              ((Companion.Queue) objective.companions().get(Moco.QUEUE)).rows(),
              objective.constant(Moco.TEMPERATURE));
      default ->
          throw new IllegalArgumentException(
              "this version of urrl has no objective named " + objective.name());
    };
  }
}
