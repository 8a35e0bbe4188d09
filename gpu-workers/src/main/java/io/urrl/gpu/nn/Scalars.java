package io.urrl.gpu.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Numbers as tensors that live as long as their manager, for use as operands.
 *
 * <p>DJL's operators with a {@code Number} (such as {@code x.div(0.2f)}) make a tensor over Java
 * memory, hand it to the library and let go of it when the operator returns. Autograd keeps that
 * tensor for the backward pass: a garbage collection in between frees the memory, and the gradient
 * is computed from whatever lies there. A tensor that takes part in a graph must live until its
 * backward pass is over, so such operators are not used anywhere; the build checks that.
 */
public final class Scalars {

  /**
   * {@code value}, rounded to float32, as a scalar on the manager's device, alive until the manager
   * closes.
   */
  public static NDArray of(NDManager manager, double value) {
    return manager.create((float) value);
  }

  private Scalars() {}
}
