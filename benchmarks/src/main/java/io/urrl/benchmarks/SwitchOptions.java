package io.urrl.benchmarks;

import io.urrl.gpu.nn.TorchSwitches;
import picocli.CommandLine.Option;

/** The switches of a CUDA device as flags; without any, those of training. */
public final class SwitchOptions {

  @Option(names = "--tf32", description = "Let convolutions and products round to TF32.")
  private boolean tf32;

  @Option(
      names = "--not-deterministic",
      description = "Let operators take algorithms that do not repeat their bits.")
  private boolean notDeterministic;

  /** The switches. */
  public TorchSwitches switches() {
    return new TorchSwitches(!notDeterministic, tf32);
  }
}
