package io.urrl.gpu.pretext;

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
    RunBrief.EncoderBrief encoder = brief.encoder();
    return new MocoReplica(
        runtime,
        EncoderSpec.moco(
            encoder.arch(), encoder.width(), encoder.stem(), encoder.hidden(), encoder.dim()),
        brief.plan().microBatch(),
        brief.views().imageSize(),
        brief.plan().groups(),
        brief.queue(),
        brief.temperature());
  }
}
