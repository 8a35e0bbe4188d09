package io.urrl.gpu.worker;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.actors.protocol.EvaluationJob.Protocol;
import io.urrl.actors.protocol.RunBrief.EncoderBrief;
import io.urrl.actors.protocol.ViewTask.Split;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.evaluate.FeatureSet;
import io.urrl.gpu.evaluate.LinearProbe;
import io.urrl.gpu.evaluate.NearestNeighbours;
import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.Pixels;
import io.urrl.gpu.nn.ResNet;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.nn.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The features of one evaluation job: a frozen encoder, or the pixels themselves, applied to blocks
 * of pictures; and the verdict on them when all are there.
 */
final class Features implements AutoCloseable {
  /** Learning rates among which the probe chooses when none is given. */
  private static final double[] RATES = {30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01};

  /** One training picture in so many decides the learning rate. */
  private static final int HELD_OUT = 10;

  private final EvaluationJob job;
  private final TensorRuntime runtime;
  private final NDManager manager;
  private final ResNet network;
  private final Pixels pixels;
  private final FeatureSet train;
  private final FeatureSet test;

  private Features(EvaluationJob job, TensorRuntime runtime, MemorySegment[] encoder) {
    this.job = job;
    this.runtime = runtime;
    manager = runtime.newManager();
    pixels = new Pixels(manager);
    EncoderSpec spec = EncoderSpec.of(job.encoder());
    int size = job.data().imageSize();
    int width =
        encoder == null
            ? Math.multiplyExact(3, Math.multiplyExact(size, size))
            : spec.featureWidth();
    network =
        encoder == null
            ? null
            : new ResNet(
                spec,
                Weights.over(manager, spec.parameters(), encoder[0], false),
                Weights.over(manager, spec.buffers(), encoder[1], false),
                false);
    train = new FeatureSet(job.data().train(), width);
    test = new FeatureSet(job.data().test(), width);
  }

  private static MemorySegment allocate(TensorLayout layout) {
    return Arena.ofAuto().allocate(layout.byteSize(), 64);
  }

  /** With an encoder from disk, from a seed, or none. */
  static Features of(EvaluationJob job, TensorRuntime runtime) {
    return switch (job.features()) {
      case FeatureSource.Checkpoint checkpoint ->
          new Features(job, runtime, load(job.encoder(), Path.of(checkpoint.directory())));
      case FeatureSource.Untrained untrained ->
          new Features(job, runtime, untrained(job.encoder(), untrained.seed()));
      case FeatureSource.Pixels none -> new Features(job, runtime, null);
    };
  }

  private static MemorySegment[] load(EncoderBrief brief, Path checkpoint) {
    EncoderSpec spec = EncoderSpec.of(brief);
    MemorySegment parameters = allocate(spec.parameters());
    MemorySegment statistics = allocate(spec.buffers());
    try {
      Map<String, Tensor> tensors = Safetensors.read(checkpoint.resolve("query.safetensors"));
      scatter(checkpoint, tensors, spec.parameters(), parameters);
      scatter(checkpoint, tensors, spec.buffers(), statistics);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return new MemorySegment[] {parameters, statistics};
  }

  private static void scatter(
      Path checkpoint, Map<String, Tensor> tensors, TensorLayout layout, MemorySegment flat) {
    for (TensorLayout.Entry entry : layout.entries()) {
      Tensor tensor = tensors.get(entry.name());
      if (tensor == null || tensor.data().byteSize() != entry.length() * Float.BYTES) {
        throw new IllegalArgumentException(
            checkpoint
                + " holds another architecture: "
                + entry.name()
                + " of shape "
                + entry.shape()
                + " is not in it; give --arch, --width and --stem of the run");
      }
      flat.asSlice(entry.offset() * Float.BYTES, entry.length() * Float.BYTES)
          .copyFrom(tensor.data());
    }
  }

  private static MemorySegment[] untrained(EncoderBrief brief, long seed) {
    EncoderSpec spec = EncoderSpec.of(brief);
    MemorySegment parameters = allocate(spec.parameters());
    MemorySegment statistics = allocate(spec.buffers());
    EncoderInit.fill(spec, seed, parameters);
    for (TensorLayout.Entry entry : spec.buffers().entries()) {
      float value = entry.name().endsWith("running_var") ? 1 : 0;
      for (long i = entry.offset(); i < entry.offset() + entry.length(); i++) {
        statistics.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
      }
    }
    return new MemorySegment[] {parameters, statistics};
  }

  /** Turns a block of pictures into features. */
  void add(Split split, PictureBlock block) {
    JniUtils.setGradMode(false);
    int size = job.data().imageSize();
    try (NDManager scope = manager.newSubManager()) {
      NDArray pictures =
          scope.create(
              block.pictures().asByteBuffer(),
              new Shape(block.count(), 3, size, size),
              DataType.UINT8);
      NDArray x = pixels.normalise(pictures);
      NDArray values = network == null ? x : network.features(x);
      FeatureSet set = split == Split.TRAIN ? train : test;
      set.put(block.first(), values.toFloatArray(), block.labels());
    }
  }

  /** Hears how far a verdict is. */
  interface Progress {
    /** {@code done} of {@code total} passes over the features. */
    void passes(int done, int total);
  }

  /** The verdict. */
  Outcome judge(double seconds, Progress progress) {
    JniUtils.setGradMode(false);
    return switch (job.protocol()) {
      case Protocol.Linear linear -> linear(linear, seconds, progress);
      case Protocol.NearestNeighbours nearest -> {
        double[] accuracies =
            NearestNeighbours.accuracies(
                runtime,
                train,
                test,
                job.data().classes(),
                nearest.neighbours(),
                nearest.temperature());
        yield new Outcome.Measured(
            job.id(), job.title(), accuracies[0], accuracies[1], Double.NaN, Double.NaN, seconds);
      }
    };
  }

  private Outcome linear(Protocol.Linear linear, double seconds, Progress progress) {
    boolean given = linear.rate() > 0;
    int trial = Math.max(1, linear.epochs() / 3);
    int total = linear.epochs() + (given ? 0 : RATES.length * trial);
    AtomicInteger done = new AtomicInteger();
    Runnable afterEpoch = () -> progress.passes(done.incrementAndGet(), total);
    double rate = given ? linear.rate() : chooseRate(linear, trial, afterEpoch);
    try (LinearProbe probe = LinearProbe.fromZero(runtime, job.data().classes(), train.width())) {
      probe.fit(train, linear.epochs(), rate, linear.batch(), linear.seed(), afterEpoch);
      return new Outcome.Measured(
          job.id(),
          job.title(),
          probe.accuracy(test, 1),
          probe.accuracy(test, 5),
          probe.accuracy(train, 1),
          rate,
          seconds);
    }
  }

  /**
   * The rate with the best top-1 on a tenth of the training pictures, after some epochs on the
   * rest.
   */
  private double chooseRate(Protocol.Linear linear, int epochs, Runnable afterEpoch) {
    FeatureSet fit = train.pick(0, HELD_OUT, true);
    FeatureSet validate = train.pick(0, HELD_OUT, false);
    double best = RATES[0];
    double bestAccuracy = -1;
    for (double rate : RATES) {
      try (LinearProbe probe = LinearProbe.fromZero(runtime, job.data().classes(), train.width())) {
        probe.fit(fit, epochs, rate, linear.batch(), linear.seed(), afterEpoch);
        double accuracy = probe.accuracy(validate, 1);
        if (accuracy > bestAccuracy) {
          bestAccuracy = accuracy;
          best = rate;
        }
      }
    }
    return best;
  }

  @Override
  public void close() {
    manager.close();
  }
}
