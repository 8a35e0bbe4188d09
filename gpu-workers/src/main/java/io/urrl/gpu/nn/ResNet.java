package io.urrl.gpu.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;

/**
 * Forward pass of a residual network, as torchvision defines it (stride in the 3×3 convolution of a
 * bottleneck, batch norm with eps 1e-5).
 */
public final class ResNet {
  private static final float EPSILON = 1e-5f;

  /**
   * DJL's momentum is the weight of the old value: at 0 the running buffers become the batch's mean
   * and unbiased variance.
   */
  private static final float REPLACE = 0f;

  private final EncoderSpec spec;
  private final Weights parameters;
  private final Weights statistics;
  private final boolean training;

  /**
   * @param statistics running mean and variance of every batch norm. While training they receive
   *     the batch's own and must be zero before the pass; otherwise they are what the norms use
   */
  public ResNet(EncoderSpec spec, Weights parameters, Weights statistics, boolean training) {
    this.spec = spec;
    this.parameters = parameters;
    this.statistics = statistics;
    this.training = training;
  }

  /**
   * Head output.
   *
   * @param x float32 [n, 3, height, width]
   * @return float32 [n, outputs]
   */
  public NDArray embed(NDArray x) {
    return head(features(x));
  }

  /** The head on pooled features. */
  public NDArray head(NDArray features) {
    if (spec.head().size() == 1) {
      return linear(features, "fc");
    }
    return linear(Activation.relu(linear(features, "fc.0")), "fc.2");
  }

  /**
   * Mean over the last feature map.
   *
   * @param x float32 [n, 3, height, width]
   * @return float32 [n, feature width]
   */
  public NDArray features(NDArray x) {
    boolean imagenet = spec.stem() == EncoderSpec.Stem.IMAGENET;
    NDArray y = conv(x, "conv1.weight", imagenet ? 2 : 1, imagenet ? 3 : 1);
    y = Activation.relu(norm(y, "bn1"));
    if (imagenet) {
      y = pool(y);
    }
    NDArray[] flow = {y};
    spec.forEachBlock(block -> flow[0] = block(flow[0], block));
    NDArray last = flow[0];
    Shape shape = last.getShape();
    return last.reshape(shape.get(0), shape.get(1), shape.get(2) * shape.get(3))
        .mean(new int[] {2});
  }

  private NDArray block(NDArray x, EncoderSpec.Block block) {
    String name = block.name();
    boolean basic = block.kind() == EncoderSpec.Kind.BASIC;
    NDArray y =
        basic
            ? conv(x, name + ".conv1.weight", block.stride(), 1)
            : conv(x, name + ".conv1.weight", 1, 0);
    y = Activation.relu(norm(y, name + ".bn1"));
    y = conv(y, name + ".conv2.weight", basic ? 1 : block.stride(), 1);
    y = norm(y, name + ".bn2");
    if (!basic) {
      y = conv(Activation.relu(y), name + ".conv3.weight", 1, 0);
      y = norm(y, name + ".bn3");
    }
    NDArray shortcut = x;
    if (block.downsamples()) {
      shortcut = conv(x, name + ".downsample.0.weight", block.stride(), 0);
      shortcut = norm(shortcut, name + ".downsample.1");
    }
    return Activation.relu(y.add(shortcut));
  }

  private NDArray conv(NDArray x, String weight, int stride, int padding) {
    return Conv2d.conv2d(
            x,
            parameters.get(weight),
            null,
            new Shape(stride, stride),
            new Shape(padding, padding),
            new Shape(1, 1),
            1)
        .singletonOrThrow();
  }

  private NDArray norm(NDArray x, String name) {
    NDList result =
        x.getNDArrayInternal()
            .batchNorm(
                x,
                statistics.get(name + ".running_mean"),
                statistics.get(name + ".running_var"),
                parameters.get(name + ".weight"),
                parameters.get(name + ".bias"),
                -1,
                REPLACE,
                EPSILON,
                training);
    return result.singletonOrThrow();
  }

  private static NDArray pool(NDArray x) {
    return Pool.maxPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
  }

  private NDArray linear(NDArray x, String name) {
    return Linear.linear(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"))
        .singletonOrThrow();
  }
}
