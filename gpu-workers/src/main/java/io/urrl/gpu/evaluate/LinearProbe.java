package io.urrl.gpu.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.urrl.actors.random.Philox;
import io.urrl.actors.random.RandomStream;
import io.urrl.gpu.nn.Scalars;
import io.urrl.gpu.nn.TensorRuntime;
import java.util.Arrays;

/**
 * Softmax regression on frozen features: mean cross-entropy, SGD with momentum 0.9 and without
 * weight decay, learning rate a tenth at 60 % and a hundredth at 80 % of the epochs, starting from
 * zero weights (linear classification protocol of MoCo). The gradient is written out: (softmax −
 * one-hot)ᵀ x / n.
 */
public final class LinearProbe implements AutoCloseable {
  private static final float MOMENTUM = 0.9f;

  /** Numbers in the largest tensor of a block that is judged. */
  private static final int LOGITS = 1 << 28;

  private final NDManager manager;
  private final NDArray weight;
  private final NDArray bias;
  private final NDArray momentum;
  private final NDArray weightVelocity;
  private final NDArray biasVelocity;

  private LinearProbe(NDManager manager, NDArray weight, NDArray bias) {
    this.manager = manager;
    this.weight = weight;
    this.bias = bias;
    momentum = Scalars.of(manager, MOMENTUM);
    weightVelocity = weight.zerosLike();
    biasVelocity = bias.zerosLike();
  }

  /** A probe that starts from zero. */
  public static LinearProbe fromZero(TensorRuntime runtime, int classes, int width) {
    NDManager manager = runtime.newManager();
    return new LinearProbe(
        manager, manager.zeros(new Shape(classes, width)), manager.zeros(new Shape(classes)));
  }

  /** A probe that starts from given weights [classes, width] and biases. */
  public static LinearProbe from(NDManager manager, float[][] weight, float[] bias) {
    return new LinearProbe(manager, manager.create(weight), manager.create(bias));
  }

  /**
   * One step.
   *
   * @param x float32 [n, width]
   * @param labels int64 [n]
   * @return mean cross-entropy before the step
   */
  public float step(NDArray x, NDArray labels, float rate) {
    try (NDManager scope = manager.newSubManager()) {
      long n = x.getShape().get(0);
      NDArray step = Scalars.of(scope, rate);
      NDArray logits = logits(x);
      logits.attach(scope);
      NDArray logProbability = logits.logSoftmax(1);
      NDArray hot = labels.oneHot(Math.toIntExact(bias.size()), DataType.FLOAT32);
      hot.attach(scope);
      float loss = -logProbability.mul(hot).sum().getFloat() / n;
      NDArray error = logProbability.exp().subi(hot).divi(Scalars.of(scope, (double) n));
      update(weight, weightVelocity, error.transpose().matMul(x), step);
      update(bias, biasVelocity, error.sum(new int[] {0}), step);
      return loss;
    }
  }

  /** v ← 0.9 v + g, w ← w − rate v; v starts at zero, so that the first step has v = g. */
  private void update(NDArray value, NDArray velocity, NDArray gradient, NDArray rate) {
    velocity.muli(momentum).addi(gradient);
    try (NDArray change = velocity.mul(rate)) {
      value.subi(change);
    }
  }

  /** Logits [n, classes] of features [n, width]; belongs to the manager of {@code x}. */
  public NDArray logits(NDArray x) {
    return x.matMul(weight.transpose()).addi(bias);
  }

  /** Weights [classes, width]. */
  public NDArray weight() {
    return weight;
  }

  /** Biases [classes]. */
  public NDArray bias() {
    return bias;
  }

  /**
   * Trains on all features in shuffled batches.
   *
   * @param rate learning rate at the start
   * @param seed of the shuffles
   * @param afterEpoch is run when a pass is over
   */
  public void fit(
      FeatureSet train, int epochs, double rate, int batch, long seed, Runnable afterEpoch) {
    int n = train.size();
    Philox random = new Philox(seed);
    int[] order = new int[n];
    Arrays.setAll(order, place -> place);
    for (int epoch = 0; epoch < epochs; epoch++) {
      RandomStream.probeShuffle(random, epoch);
      for (int place = n - 1; place > 0; place--) {
        int other = random.nextInt(place + 1);
        int kept = order[place];
        order[place] = order[other];
        order[other] = kept;
      }
      double decay = epoch >= epochs * 0.8 ? 0.01 : epoch >= epochs * 0.6 ? 0.1 : 1;
      for (int first = 0; first < n; first += batch) {
        int[] part = Arrays.copyOfRange(order, first, Math.min(n, first + batch));
        try (NDManager scope = manager.newSubManager()) {
          step(train.features(scope, part), train.labels(scope, part), (float) (rate * decay));
        }
      }
      afterEpoch.run();
    }
  }

  /**
   * Fraction of the samples whose label is among the {@code k} largest logits; a logit that is not
   * a number is never among them.
   */
  public double accuracy(FeatureSet set, int k) {
    int classes = Math.toIntExact(bias.size());
    int block = Math.clamp(LOGITS / Math.max(classes, set.width()), 1, 1024);
    long correct = 0;
    for (int first = 0; first < set.size(); first += block) {
      int[] part = new int[Math.min(block, set.size() - first)];
      int start = first;
      Arrays.setAll(part, place -> start + place);
      try (NDManager scope = manager.newSubManager()) {
        float[] logits = logits(set.features(scope, part)).toFloatArray();
        for (int row = 0; row < part.length; row++) {
          float own = logits[row * classes + set.label(part[row])];
          int better = 0;
          for (int c = 0; c < classes; c++) {
            better += logits[row * classes + c] > own ? 1 : 0;
          }
          correct += !Float.isNaN(own) && better < k ? 1 : 0;
        }
      }
    }
    return (double) correct / set.size();
  }

  @Override
  public void close() {
    manager.close();
  }
}
