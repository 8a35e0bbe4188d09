package io.urrl.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.loss.InfoNce;
import io.urrl.gpu.nn.CpuInstructions;
import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.ResNet;
import io.urrl.gpu.nn.Scalars;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.nn.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The loop that a whole run is measured against: MoCo v2's step in bare DJL, in one thread of
 * control, on tensors that are in memory already.
 *
 * <p>A step: the key encoder follows, key forward without gradient, query forward and backward,
 * InfoNCE against the queue, SGD with momentum and weight decay, enqueue. Maths, options and the
 * fields of the one JSON line are those of the reference's plain PyTorch step. An image is a pair
 * of views.
 */
@Command(name = "bare-step", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class BareStep implements Callable<Integer> {
  private static final float KEY_MOMENTUM = 0.999f;
  private static final float RATE = 0.03f;
  private static final float MOMENTUM = 0.9f;
  private static final float DECAY = 1e-4f;
  private static final float TEMPERATURE = 0.2f;
  private static final int DIM = 128;

  @Mixin private StepOptions shape;

  @Mixin private SwitchOptions device;

  @Option(names = "--seed", defaultValue = "1")
  private int seed;

  private EncoderSpec spec;
  private TensorLayout layout;
  private Weights query;
  private Weights key;
  private Weights velocity;
  private Weights queryStatistics;
  private Weights keyStatistics;
  private NDArray queue;
  private NDArray keyMomentum;
  private NDArray keyShare;
  private NDArray momentum;
  private NDArray decayRate;
  private NDArray rate;
  private int pointer;
  private long begun;
  private long ended;

  /** Prints one JSON line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BareStep()).execute(arguments));
  }

  @Override
  public Integer call() {
    TensorRuntime runtime =
        TensorRuntime.open(
            shape.threads(), CpuInstructions.named(CpuInstructions.AUTO), device.switches());
    JniUtils.setSeed(seed);
    spec = EncoderSpec.moco(shape.arch(), shape.width(), shape.stem(), 0, DIM);
    layout = spec.parameters();
    double[] seconds = new double[shape.steps()];
    float loss = Float.NaN;
    try (Arena arena = Arena.ofShared();
        NDManager manager = runtime.newManager()) {
      prepare(manager, arena);
      NDArray[][] views = new NDArray[2][2];
      for (NDArray[] pair : views) {
        Arrays.setAll(
            pair,
            _ -> manager.randomNormal(new Shape(shape.batch(), 3, shape.size(), shape.size())));
      }
      for (int i = -shape.warmup(); i < shape.steps(); i++) {
        begun = i == 0 ? System.currentTimeMillis() : begun;
        NDArray[] pair = views[Math.floorMod(i, 2)];
        long start = System.nanoTime();
        try (NDManager scope = manager.newSubManager()) {
          loss = step(scope, pair[0], pair[1]);
        }
        if (i >= 0) {
          seconds[i] = (System.nanoTime() - start) * 1e-9;
        }
      }
      ended = System.currentTimeMillis();
    }
    print(runtime, seconds, loss);
    return 0;
  }

  private void prepare(NDManager manager, Arena arena) {
    MemorySegment first = arena.allocate(layout.byteSize(), 64);
    EncoderInit.fill(spec, seed, first);
    MemorySegment copy = arena.allocate(layout.byteSize(), 64).copyFrom(first);
    query = Weights.over(manager, layout, first, true);
    key = Weights.over(manager, layout, copy, false);
    velocity = Weights.over(manager, layout, arena.allocate(layout.byteSize(), 64), false);
    keyMomentum = Scalars.of(manager, KEY_MOMENTUM);
    keyShare = Scalars.of(manager, 1 - KEY_MOMENTUM);
    momentum = Scalars.of(manager, MOMENTUM);
    decayRate = Scalars.of(manager, DECAY);
    rate = Scalars.of(manager, RATE);
    long bytes = spec.buffers().byteSize();
    queryStatistics = Weights.over(manager, spec.buffers(), arena.allocate(bytes, 64), false);
    keyStatistics = Weights.over(manager, spec.buffers(), arena.allocate(bytes, 64), false);
    queue = InfoNce.unit(manager.randomNormal(new Shape(shape.queue(), DIM)));
  }

  /** What is derived from the views belongs to {@code scope}. */
  private float step(NDManager scope, NDArray queryViews, NDArray keyViews) {
    NDManager owner = queryViews.getManager();
    queryViews.attach(scope);
    keyViews.attach(scope);
    follow();
    NDArray keys = keys(keyViews);
    int share = shape.batch() / shape.groups();
    float loss = 0;
    for (int group = 0; group < shape.groups(); group++) {
      String rowsOfGroup = group * share + ":" + (group + 1) * share;
      loss += train(queryViews.get(rowsOfGroup), keys.get(rowsOfGroup));
    }
    descend();
    enqueue(keys);
    queryViews.attach(owner);
    keyViews.attach(owner);
    return loss;
  }

  /** Unit keys in the order of the samples; each group takes every {@code groups}-th sample. */
  private NDArray keys(NDArray views) {
    if (shape.groups() == 1) {
      return embed(key, keyStatistics, views);
    }
    NDArray split =
        views.reshape(
            shape.batch() / shape.groups(), shape.groups(), 3, shape.size(), shape.size());
    NDList embedded = new NDList();
    for (int group = 0; group < shape.groups(); group++) {
      embedded.add(embed(key, keyStatistics, split.get(":, " + group)));
    }
    return NDArrays.stack(embedded, 1).reshape(shape.batch(), DIM);
  }

  /** Leaves the gradient of the group's share of the loss at the weights; returns that share. */
  private float train(NDArray views, NDArray positives) {
    JniUtils.setGradMode(true);
    NDArray q = embed(query, queryStatistics, views);
    NDArray loss =
        InfoNce.share(
            InfoNce.lossSum(InfoNce.logits(q, positives, queue, TEMPERATURE)), shape.batch());
    JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
    JniUtils.setGradMode(false);
    return loss.getFloat();
  }

  private NDArray embed(Weights weights, Weights statistics, NDArray views) {
    return InfoNce.unit(new ResNet(spec, weights, statistics, true).embed(views));
  }

  private void follow() {
    Iterator<NDArray> queries = query.all().iterator();
    for (NDArray k : key.all()) {
      try (NDArray share = queries.next().mul(keyShare)) {
        k.muli(keyMomentum).addi(share);
      }
    }
  }

  private void descend() {
    Iterator<NDArray> velocities = velocity.all().iterator();
    for (NDArray p : query.all()) {
      NDArray v = velocities.next();
      try (NDArray gradient = ((PtNDArray) p).getGradient();
          NDArray decay = p.mul(decayRate)) {
        v.muli(momentum).addi(gradient).addi(decay);
      }
      try (NDArray change = v.mul(rate)) {
        p.subi(change);
      }
      JniUtils.zeroGrad((PtNDArray) p);
    }
  }

  private void enqueue(NDArray keys) {
    for (int done = 0; done < shape.batch(); ) {
      int count = Math.min(shape.batch() - done, shape.queue() - pointer);
      queue.set(
          new NDIndex(pointer + ":" + (pointer + count)), keys.get(done + ":" + (done + count)));
      pointer = (pointer + count) % shape.queue();
      done += count;
    }
  }

  private void print(TensorRuntime runtime, double[] seconds, float loss) {
    Arrays.sort(seconds);
    double median = (seconds[(shape.steps() - 1) / 2] + seconds[shape.steps() / 2]) / 2;
    System.out.printf(
        Locale.ROOT,
        "{\"arch\": \"%s\", \"stem\": \"%s\", \"width\": %d, \"size\": %d, \"batch\": %d,"
            + " \"threads\": %d, \"steps\": %d, \"median_s\": %.6f, \"min_s\": %.6f,"
            + " \"images_per_s\": %.2f, \"loss\": %.4f, \"torch\": \"%s\", \"device\": \"%s\","
            + " \"begun_ms\": %d, \"ended_ms\": %d}%n",
        shape.arch(),
        shape.stem(),
        shape.width(),
        shape.size(),
        shape.batch(),
        shape.threads(),
        shape.steps(),
        median,
        seconds[0],
        shape.batch() / median,
        loss,
        runtime.engine().getVersion(),
        runtime.device(),
        begun,
        ended);
  }
}
