package io.urrl.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.urrl.actors.objective.Moco;
import io.urrl.gpu.evaluate.FeatureSet;
import io.urrl.gpu.evaluate.LinearProbe;
import io.urrl.gpu.loss.InfoNce;
import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.pretext.MicroBatchResult;
import io.urrl.gpu.pretext.MocoReplica;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * What autograd keeps lives until the backward pass is over, whatever the garbage collector does in
 * between.
 */
class TensorLifetimeTest {
  private static final int BATCH = 8;
  private static final int SIZE = 16;
  private static final EncoderSpec SPEC = EncoderSpec.moco("resnet18", 4, "cifar", 0, 16);

  private static MemorySegment views(long seed) {
    byte[] bytes = new byte[BATCH * 3 * SIZE * SIZE];
    new SplittableRandom(seed).nextBytes(bytes);
    return Arena.ofAuto().allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  private static float[] values(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** Gradient of the contrastive loss at the queries. */
  private static float[] contrastiveGradient(NDManager parent, boolean collect) {
    try (NDManager manager = parent.newSubManager()) {
      NDArray k = InfoNce.unit(manager.create(values(2, 4 * 16), new Shape(4, 16)));
      NDArray queue = InfoNce.unit(manager.create(values(3, 32 * 16), new Shape(32, 16)));
      NDArray raw = manager.create(values(1, 4 * 16), new Shape(4, 16));
      raw.setRequiresGradient(true);
      JniUtils.setGradMode(true);
      NDArray loss =
          InfoNce.share(InfoNce.lossSum(InfoNce.logits(InfoNce.unit(raw), k, queue, 0.2f)), 4);
      JniUtils.setGradMode(false);
      if (collect) {
        ForcedCollections.once();
      }
      JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
      return ((PtNDArray) raw).getGradient().toFloatArray();
    }
  }

  @Test
  void theContrastiveLossKeepsItsScalars() {
    try (NDManager manager = TensorRuntime.open(1).newManager()) {
      float[] expected = contrastiveGradient(manager, false);
      for (int trial = 0; trial < 30; trial++) {
        assertArrayEquals(expected, contrastiveGradient(manager, true), "trial " + trial);
      }
    }
  }

  private static long digest(MicroBatchResult result) {
    CRC32C crc = new CRC32C();
    for (MemorySegment gradient : result.gradients()) {
      crc.update(gradient.asByteBuffer());
    }
    result.contributions().forEach(part -> crc.update(part.asByteBuffer()));
    return crc.getValue();
  }

  @Test
  void microBatchesHaveTheSameBitsWhileGarbageIsCollected() {
    try (MocoReplica replica =
        new MocoReplica(TensorRuntime.open(1), SPEC, BATCH, SIZE, 2, 32, 0.2f)) {
      EncoderInit.fill(SPEC, 3, replica.parameters());
      EncoderInit.fill(SPEC, 4, replica.momentumEncoder());
      float[] negatives = values(5, 32 * 16);
      MemorySegment.copy(
          negatives, 0, replica.companion(Moco.QUEUE), ValueLayout.JAVA_FLOAT, 0, negatives.length);
      MemorySegment query = views(1);
      MemorySegment key = views(2);
      MicroBatchResult first = replica.run(List.of(query, key));
      double loss = first.loss();
      long expected = digest(first);
      int micro = Integer.getInteger("urrl.test.micro-batches", 30);
      int wrong = 0;
      try (ForcedCollections collections = new ForcedCollections()) {
        for (int i = 0; i < micro; i++) {
          MicroBatchResult result = replica.run(List.of(query, key));
          wrong += digest(result) == expected && result.loss() == loss ? 0 : 1;
        }
        assertTrue(collections.count() > 0);
      }
      assertEquals(0, wrong, "micro-batches with other bits, of " + micro);
    }
  }

  /** Weights of a probe after a few epochs. */
  private static float[] probe() {
    FeatureSet set = new FeatureSet(64, 8);
    int[] labels = new int[64];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 4;
    }
    set.put(0, values(7, 64 * 8), labels);
    try (LinearProbe probe = LinearProbe.fromZero(TensorRuntime.open(1), 4, 8)) {
      probe.fit(set, 20, 1, 16, 1, () -> {});
      return probe.weight().toFloatArray();
    }
  }

  @Test
  void theLinearProbeHasTheSameBitsWhileGarbageIsCollected() {
    float[] expected = probe();
    try (ForcedCollections collections = new ForcedCollections()) {
      for (int trial = 0; trial < 5; trial++) {
        assertArrayEquals(expected, probe());
      }
      assertTrue(collections.count() > 0);
    }
  }
}
