package io.urrl.gpu.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.urrl.gpu.nn.Scalars;

/**
 * The contrastive loss of the paper's Eq. 1: cross-entropy of the positive key against the queue.
 */
public final class InfoNce {
  private static final double EPSILON = 1e-12;

  /**
   * Rows divided by their length, as PyTorch's {@code normalize}: x/max(‖x‖₂, 1e-12).
   *
   * @param x float32 [n, dim]
   */
  public static NDArray unit(NDArray x) {
    return x.normalize(2, 1, EPSILON);
  }

  /**
   * Similarities divided by the temperature, the positive's first. The manager of {@code q} must
   * stay open until the backward pass is over: it keeps the temperature.
   *
   * @param q unit queries [n, dim]
   * @param k unit keys of the same samples [n, dim]
   * @param queue unit negatives [K, dim]
   * @param temperature τ
   * @return float32 [n, 1 + K]
   */
  public static NDArray logits(NDArray q, NDArray k, NDArray queue, float temperature) {
    NDArray positive = q.mul(k).sum(new int[] {1}, true);
    NDArray negative = q.matMul(queue.transpose());
    return NDArrays.concat(new NDList(positive, negative), 1)
        .div(Scalars.of(q.getManager(), temperature));
  }

  /**
   * Sum over the samples of the cross-entropy with class 0.
   *
   * @return scalar
   */
  public static NDArray lossSum(NDArray logits) {
    return logits.logSoftmax(1).get(":, 0").sum().neg();
  }

  /**
   * A sum's share of the mean over a micro-batch. The manager of {@code sum} must stay open until
   * the backward pass is over.
   *
   * @param sum scalar: loss or hits of some of its samples
   * @param samples samples of the whole micro-batch
   * @return scalar
   */
  public static NDArray share(NDArray sum, long samples) {
    return sum.div(Scalars.of(sum.getManager(), (double) samples));
  }

  /**
   * Number of samples whose positive is beaten by fewer than {@code n} negatives.
   *
   * @return scalar of type float32
   */
  public static NDArray correct(NDArray logits, int n) {
    NDArray beaten =
        logits
            .get(":, 1:")
            .gt(logits.get(":, 0:1"))
            .toType(DataType.FLOAT32, false)
            .sum(new int[] {1});
    return beaten.lt(Scalars.of(logits.getManager(), n)).toType(DataType.FLOAT32, false).sum();
  }

  private InfoNce() {}
}
