package io.urrl.parameters;

import io.urrl.actors.tensor.TensorLayout;

/**
 * The shapes of everything that the parameter server owns for one run.
 *
 * @param parameters weights and biases of one encoder, head included
 * @param buffers running means and variances of one encoder
 * @param keys K of the negative queue
 * @param dim width of a key
 */
public record StateLayout(TensorLayout parameters, TensorLayout buffers, int keys, int dim) {
  /** The slice that holds all parameters. */
  public TensorLayout.Slice whole() {
    return new TensorLayout.Slice(0, parameters.size());
  }

  /** Bytes of a whole state: three copies of the parameters, statistics of two encoders, queue. */
  public long byteSize() {
    return 3 * parameters.byteSize() + 2 * buffers.byteSize() + (long) keys * dim * Float.BYTES;
  }
}
