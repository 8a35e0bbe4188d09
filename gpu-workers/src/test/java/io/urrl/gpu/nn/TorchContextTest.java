package io.urrl.gpu.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Moco;
import io.urrl.gpu.pretext.MocoReplica;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The switches as the CPU's libtorch has them: one library, one process, so one set of switches.
 */
class TorchContextTest {
  private static final int SIZE = 16;
  private static final EncoderSpec SPEC = EncoderSpec.moco("resnet18", 4, "cifar", 0, 16);

  private final TensorRuntime runtime = TensorRuntime.open(1);
  private final TorchContext context = TorchContext.ofProcess();

  @AfterEach
  void reset() {
    context.deterministic(false);
  }

  @Test
  void aCpuIsLeftAsItIs() {
    assertFalse(context.deterministic());
    assertFalse(runtime.device().isGpu());
    assertEquals(0, runtime.devices());
  }

  @Test
  void aSwitchIsReadBack() {
    context.deterministic(true);
    assertTrue(context.deterministic());
    context.deterministic(false);
    assertFalse(context.deterministic());
  }

  @Test
  void theLibraryHasEverySwitch() {
    context.cudnnBenchmark(false);
    context.tf32(true);
    context.tf32(false);
    assertEquals(0, context.cudaDevices());
  }

  @Test
  void theBitsOfACpuAreTheSameWithDeterministicAlgorithms() {
    byte[] before = microBatch();
    context.deterministic(true);
    byte[] with = microBatch();
    assertArrayEquals(before, with);
    assertTrue(before.length > SPEC.parameters().byteSize());
  }

  /** Gradient and keys of one micro-batch, as bytes. */
  private byte[] microBatch() {
    SplittableRandom random = new SplittableRandom(5);
    try (MocoReplica replica = new MocoReplica(runtime, SPEC, 8, SIZE, 2, 32, 0.2f)) {
      EncoderInit.fill(SPEC, 3, replica.parameters());
      EncoderInit.fill(SPEC, 4, replica.momentumEncoder());
      for (long i = 0; i < 32 * 16; i++) {
        replica
            .companion(Moco.QUEUE)
            .setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-0.4, 0.4));
      }
      var result = replica.run(List.of(views(random), views(random)));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (MemorySegment gradient : result.gradients()) {
        bytes.writeBytes(gradient.toArray(ValueLayout.JAVA_BYTE));
      }
      bytes.writeBytes(result.contribution(Moco.QUEUE).toArray(ValueLayout.JAVA_BYTE));
      return bytes.toByteArray();
    }
  }

  private static MemorySegment views(SplittableRandom random) {
    byte[] bytes = new byte[8 * 3 * SIZE * SIZE];
    random.nextBytes(bytes);
    return Arena.ofAuto().allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }
}
