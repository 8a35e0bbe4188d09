package io.urrl.gpu.pretext;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.urrl.actors.objective.Moco;
import io.urrl.actors.tensor.Finiteness;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.loss.InfoNce;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.Pixels;
import io.urrl.gpu.nn.ResNet;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.nn.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * MoCo v2 (He et al., 2020; Chen et al., 2020) on one device: forward and backward of a micro-batch
 * at the parameters, key parameters and negatives that stand in its buffers.
 *
 * <p>Each batch-norm group passes the network as a batch of its own: query groups are contiguous,
 * key groups interleaved (index mod g), so that a sample's query and key are normalised with
 * different partners. A query group's backward pass follows its forward pass at once, which frees
 * its graph before the next group's begins.
 *
 * <p>For one thread at a time; replicas in one process do not disturb each other.
 */
public final class MocoReplica implements Pretext {
  private static final long PIECE = 32 << 10;

  private final TensorRuntime runtime;
  private final EncoderSpec spec;
  private final int microBatch;
  private final int imageSize;
  private final int groups;
  private final int negatives;
  private final float temperature;
  private final TensorLayout layout;
  private final TensorLayout buffers;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment key;
  private final MemorySegment queue;
  private final MemorySegment keys;
  private final MemorySegment statistics;
  private final NDManager manager;
  private MemorySegment query;
  private NDManager step;

  /**
   * @param microBatch samples b of a micro-batch, a multiple of {@code groups}
   * @param imageSize height and width of a view
   * @param groups batch-norm groups g
   * @param negatives rows K of the queue
   * @param temperature τ
   */
  public MocoReplica(
      TensorRuntime runtime,
      EncoderSpec spec,
      int microBatch,
      int imageSize,
      int groups,
      int negatives,
      float temperature) {
    this.runtime = runtime;
    this.spec = spec;
    this.microBatch = microBatch;
    this.imageSize = imageSize;
    this.groups = groups;
    this.negatives = negatives;
    this.temperature = temperature;
    layout = spec.parameters();
    buffers = spec.buffers();
    query = Arena.ofAuto().allocate(layout.byteSize(), 64);
    key = arena.allocate(layout.byteSize(), 64);
    queue = arena.allocate((long) negatives * spec.dim() * Float.BYTES, 64);
    keys = arena.allocate((long) microBatch * spec.dim() * Float.BYTES, 64);
    statistics = arena.allocate(2L * groups * buffers.byteSize(), 64);
    manager = runtime.newManager();
  }

  /** The query encoder's; the network reads them where they stand. */
  @Override
  public MemorySegment parameters() {
    return query;
  }

  /**
   * Takes over the query encoder's parameters where they stand, without copying them.
   *
   * @param fresh flat float32; must stay reachable memory, and is the replica's from now on
   * @return the memory of those before, which the replica does not need any more
   */
  @Override
  public MemorySegment exchangeParameters(MemorySegment fresh) {
    if (fresh.byteSize() != layout.byteSize()) {
      throw new IllegalArgumentException(
          "parameters of " + fresh.byteSize() + " bytes, not " + layout.byteSize());
    }
    MemorySegment before = query;
    query = fresh;
    return before;
  }

  /** The key encoder's. */
  @Override
  public MemorySegment momentumEncoder() {
    return key;
  }

  /** Of the companions replicas hold the negative queue alone: float32 [K, dim]. */
  @Override
  public MemorySegment companion(int index) {
    if (index != Moco.QUEUE) {
      throw new IllegalArgumentException("a replica holds no companion " + index);
    }
    return queue;
  }

  /**
   * Forward and backward of one micro-batch.
   *
   * @param views the queries' and the keys', each uint8 [b, 3, size, size]
   */
  @Override
  public MicroBatchResult run(List<MemorySegment> views) {
    MemorySegment queryViews = views.get(0);
    MemorySegment keyViews = views.get(1);
    if (step != null) {
      step.close();
    }
    step = manager.newSubManager();
    statistics.fill((byte) 0);
    JniUtils.setGradMode(false);
    NDArray k = encodeKeys(keyViews);
    NDArray negativesNow =
        step.create(queue.asByteBuffer(), new Shape(negatives, spec.dim()), DataType.FLOAT32);
    Weights leaves = Weights.over(step, layout, query, true);
    double loss = 0;
    double correct = 0;
    int rows = microBatch / groups;
    Pixels pixels = new Pixels(step);
    for (int group = 0; group < groups; group++) {
      try (NDManager pass = step.newSubManager()) {
        NDArray x = pixels.normalise(group(pass, queryViews, group));
        NDArray positives = k.get(group * rows + ":" + (group + 1) * rows);
        positives.attach(pass);
        JniUtils.setGradMode(true);
        Weights measured = passStatistics(pass, 0, group);
        NDArray q = InfoNce.unit(new ResNet(spec, leaves, measured, true).embed(x));
        NDArray logits = InfoNce.logits(q, positives, negativesNow, temperature);
        NDArray sum = InfoNce.lossSum(logits);
        NDArray share = InfoNce.share(sum, microBatch);
        JniUtils.backward((PtNDArray) share, (PtNDArray) share.onesLike(), false, false);
        JniUtils.setGradMode(false);
        measured.copyTo(buffers, statisticsOf(0, group));
        loss += sum.getFloat();
        correct += InfoNce.correct(logits, 1).getFloat();
      }
    }
    MemorySegment[] gradients = gradients(leaves);
    loss /= microBatch;
    Reading reading = read(gradients);
    long half = statistics.byteSize() / 2;
    return new MicroBatchResult(
        loss,
        correct / microBatch,
        Double.isFinite(loss) ? reading.nonFinite() : "loss",
        List.of(keys, statistics.asSlice(0, half), statistics.asSlice(half)),
        layout,
        gradients,
        reading.digest());
  }

  /** Unit keys in the order of the samples, also left in {@link #keys}. */
  private NDArray encodeKeys(MemorySegment views) {
    int rows = microBatch / groups;
    Weights weights = Weights.over(step, layout, key, false);
    Pixels pixels = new Pixels(step);
    List<NDArray> embedded = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      try (NDManager pass = step.newSubManager()) {
        NDArray all =
            pass.create(
                views.asByteBuffer(),
                new Shape(rows, groups, 3, imageSize, imageSize),
                DataType.UINT8);
        NDArray x = pixels.normalise(all.get(":, " + group));
        Weights measured = passStatistics(pass, 1, group);
        NDArray k = InfoNce.unit(new ResNet(spec, weights, measured, true).embed(x));
        measured.copyTo(buffers, statisticsOf(1, group));
        k.attach(step);
        embedded.add(k);
      }
    }
    NDArray inOrder =
        groups == 1
            ? embedded.getFirst()
            : NDArrays.stack(new NDList(embedded), 1).reshape(microBatch, spec.dim());
    keys.copyFrom(MemorySegment.ofBuffer(inOrder.toByteBuffer()));
    return inOrder;
  }

  private NDArray group(NDManager pass, MemorySegment views, int group) {
    long bytes = views.byteSize() / groups;
    return pass.create(
        views.asSlice(group * bytes, bytes).asByteBuffer(),
        new Shape(microBatch / groups, 3, imageSize, imageSize),
        DataType.UINT8);
  }

  private Weights passStatistics(NDManager pass, int encoder, int group) {
    return Weights.over(pass, buffers, statisticsOf(encoder, group), false);
  }

  private MemorySegment statisticsOf(int encoder, int group) {
    long at = ((long) encoder * groups + group) * buffers.byteSize();
    return statistics.asSlice(at, buffers.byteSize());
  }

  /**
   * What is found in reading a gradient.
   *
   * @param nonFinite name of the first tensor that holds NaN or infinity, or empty
   * @param digest of all of it
   */
  private record Reading(String nonFinite, long digest) {}

  /** Reads a gradient once, in pieces that fit the processor's caches, for both purposes. */
  private Reading read(MemorySegment[] gradients) {
    TensorDigest digest = new TensorDigest();
    String nonFinite = "";
    for (int i = 0; i < gradients.length; i++) {
      boolean finite = true;
      long bytes = gradients[i].byteSize();
      for (long at = 0; at < bytes; at += PIECE) {
        long end = Math.min(bytes, at + PIECE);
        finite &= Finiteness.allFinite(gradients[i], at, end);
        digest.add(gradients[i], at, end);
      }
      if (!finite && nonFinite.isEmpty()) {
        nonFinite = "gradient of " + layout.entries().get(i).name();
      }
    }
    return new Reading(nonFinite, digest.value());
  }

  private MemorySegment[] gradients(Weights leaves) {
    List<MemorySegment> gradients = new ArrayList<>();
    for (NDArray leaf : leaves.all()) {
      PtNDArray gradient = ((PtNDArray) leaf).getGradient();
      gradients.add(MemorySegment.ofBuffer(gradient.toByteBuffer(true)));
    }
    return gradients.toArray(MemorySegment[]::new);
  }

  @Override
  public void close() {
    manager.close();
    arena.close();
  }

  @Override
  public String toString() {
    return spec.kind() + " of width " + spec.width() + " on " + runtime.describe();
  }
}
