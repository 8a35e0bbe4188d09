package io.urrl.parameters;

import io.urrl.actors.objective.Objective;
import io.urrl.actors.tensor.TensorLayout;

/**
 * The shapes of everything that the parameter server owns for one run.
 *
 * @param parameters weights and biases of one encoder, head included
 * @param buffers running means and variances of one encoder
 * @param objective what there is besides
 */
public record StateLayout(TensorLayout parameters, TensorLayout buffers, Objective objective) {
  /** The slice that holds all parameters. */
  public TensorLayout.Slice whole() {
    return new TensorLayout.Slice(0, parameters.size());
  }

  /** Bytes of a whole state: parameters, their velocity and moving average, and the companions. */
  public long byteSize() {
    long copies = objective.hasMomentumEncoder() ? 3 : 2;
    return copies * parameters.byteSize()
        + objective.companions().stream()
            .mapToLong(companion -> companion.size(buffers.size()) * Float.BYTES)
            .sum();
  }
}
