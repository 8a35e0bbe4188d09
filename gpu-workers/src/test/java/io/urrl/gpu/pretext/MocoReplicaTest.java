package io.urrl.gpu.pretext;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.TensorRuntime;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MocoReplicaTest {
  private static final int BATCH = 8;
  private static final int SIZE = 16;
  private static final EncoderSpec SPEC = EncoderSpec.moco("resnet18", 4, "cifar", 0, 16);

  private static MocoReplica replica() {
    MocoReplica replica = new MocoReplica(TensorRuntime.open(1), SPEC, BATCH, SIZE, 2, 32, 0.2f);
    EncoderInit.fill(SPEC, 3, replica.queryParameters());
    EncoderInit.fill(SPEC, 4, replica.keyParameters());
    SplittableRandom random = new SplittableRandom(1);
    for (long i = 0; i < 32 * 16; i++) {
      replica.queue().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-0.4, 0.4));
    }
    return replica;
  }

  private static MemorySegment views(long seed) {
    byte[] bytes = new byte[BATCH * 3 * SIZE * SIZE];
    new SplittableRandom(seed).nextBytes(bytes);
    MemorySegment views = Arena.ofAuto().allocate(bytes.length);
    views.copyFrom(MemorySegment.ofArray(bytes));
    return views;
  }

  private static byte[] gradient(MicroBatchResult result) {
    byte[] bytes = new byte[(int) SPEC.parameters().byteSize()];
    UnsafeBuffer direct = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(bytes.length));
    int half = bytes.length / 8 * 4;
    result.copyGradient(0, direct, 0, half);
    result.copyGradient(half, direct, half, bytes.length - half);
    direct.getBytes(0, bytes);
    return bytes;
  }

  @Test
  void replicasSideBySideGiveTheSameBits() throws Exception {
    try (MocoReplica one = replica();
        MocoReplica two = replica();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<byte[]> first = threads.submit(() -> repeated(one));
      Future<byte[]> second = threads.submit(() -> repeated(two));
      assertArrayEquals(first.get(), second.get());
    }
  }

  private static byte[] repeated(MocoReplica replica) {
    for (int other = 10; other < 15; other++) {
      replica.run(views(other), views(other + 50));
    }
    return gradient(replica.run(views(1), views(2)));
  }

  @Test
  void keysAreUnitAndStatisticsComeFromEveryPass() {
    try (MocoReplica replica = replica()) {
      MicroBatchResult result = replica.run(views(1), views(2));
      assertTrue(result.finite());
      assertEquals(2L * 2 * SPEC.buffers().byteSize(), result.statistics().byteSize());
      for (int row = 0; row < BATCH; row++) {
        double squares = 0;
        for (int i = 0; i < 16; i++) {
          float value = result.keys().getAtIndex(ValueLayout.JAVA_FLOAT, row * 16L + i);
          squares += value * value;
        }
        assertEquals(1, squares, 1e-5);
      }
    }
  }

  @Test
  void aNonFiniteParameterIsNoticed() {
    try (MocoReplica replica = replica()) {
      replica.queryParameters().set(ValueLayout.JAVA_FLOAT, 0, Float.NaN);
      assertFalse(replica.run(views(1), views(2)).finite());
    }
  }
}
