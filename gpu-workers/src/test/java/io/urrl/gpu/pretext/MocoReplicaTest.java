package io.urrl.gpu.pretext;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.urrl.actors.objective.Moco;
import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.TensorRuntime;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
    EncoderInit.fill(SPEC, 3, replica.parameters());
    EncoderInit.fill(SPEC, 4, replica.momentumEncoder());
    SplittableRandom random = new SplittableRandom(1);
    for (long i = 0; i < 32 * 16; i++) {
      replica
          .companion(Moco.QUEUE)
          .setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-0.4, 0.4));
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
      replica.run(List.of(views(other), views(other + 50)));
    }
    return gradient(replica.run(List.of(views(1), views(2))));
  }

  @Test
  void keysAreUnitAndStatisticsComeFromEveryPass() {
    try (MocoReplica replica = replica()) {
      MicroBatchResult result = replica.run(List.of(views(1), views(2)));
      assertTrue(result.finite());
      for (int statistics : List.of(Moco.QUERY_STATISTICS, Moco.KEY_STATISTICS)) {
        assertEquals(2L * SPEC.buffers().byteSize(), result.contribution(statistics).byteSize());
      }
      for (int row = 0; row < BATCH; row++) {
        double squares = 0;
        for (int i = 0; i < 16; i++) {
          float value =
              result.contribution(Moco.QUEUE).getAtIndex(ValueLayout.JAVA_FLOAT, row * 16L + i);
          squares += value * value;
        }
        assertEquals(1, squares, 1e-5);
      }
    }
  }

  @Test
  void bitsDoNotDependOnTheThreadThatComputes() throws Exception {
    try (MocoReplica here = replica();
        MocoReplica there = replica();
        ExecutorService fresh = Executors.newSingleThreadExecutor()) {
      byte[] other = fresh.submit(() -> gradient(there.run(List.of(views(1), views(2))))).get();
      assertArrayEquals(gradient(here.run(List.of(views(1), views(2)))), other);
    }
  }

  @Test
  void anyPieceOfTheGradientCanBeCopied() {
    try (MocoReplica replica = replica()) {
      MicroBatchResult result = replica.run(List.of(views(1), views(2)));
      byte[] whole = gradient(result);
      SplittableRandom random = new SplittableRandom(9);
      for (int trial = 0; trial < 200; trial++) {
        int from = random.nextInt(whole.length / 4) * 4;
        int length = Math.min(whole.length - from, random.nextInt(1, 400) * 4);
        UnsafeBuffer direct = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(length + 16));
        result.copyGradient(from, direct, 12, length);
        byte[] piece = new byte[length];
        direct.getBytes(12, piece);
        assertArrayEquals(Arrays.copyOfRange(whole, from, from + length), piece);
        assertEquals(0, direct.getInt(8));
        assertEquals(0, direct.getInt(12 + length));
      }
    }
  }

  @Test
  void aMicroBatchLeavesNothingBehind() throws IOException {
    try (MocoReplica replica = replica()) {
      NDManager all = TensorRuntime.open(1).newManager().getParentManager();
      MemorySegment query = views(1);
      MemorySegment key = views(2);
      replica.run(List.of(query, key));
      for (int step = 0; step < 30; step++) {
        replica.run(List.of(query, key));
      }
      int tensors = all.getManagedArrays().size();
      long resident = residentBytes();
      for (int step = 0; step < 200; step++) {
        replica.run(List.of(query, key));
      }
      assertEquals(tensors, all.getManagedArrays().size());
      // One pass keeps about 5 MB of feature maps: 200 of them would be a gigabyte.
      assertTrue(residentBytes() - resident < 100L << 20, resident + " -> " + residentBytes());
    }
  }

  private static long residentBytes() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(candidate -> candidate.startsWith("VmRSS"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
  }

  @Test
  void aNonFiniteParameterIsNoticed() {
    try (MocoReplica replica = replica()) {
      replica.parameters().set(ValueLayout.JAVA_FLOAT, 0, Float.NaN);
      assertFalse(replica.run(List.of(views(1), views(2))).finite());
    }
  }
}
