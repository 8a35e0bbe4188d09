package io.urrl.gpu.pretext;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.TensorRuntime;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether two machines compute the same bits: the digest of a small fixed forward and backward
 * pass. It changes with the instruction set, the number of threads, the library and the kind of
 * device, as gradients do. Of two runtimes with equal probes the same kernels were seen at work; a
 * difference says for sure that bits differ.
 */
public final class BitProbe {
  private static final int BATCH = 16;
  private static final int SIZE = 32;
  private static final int GROUPS = 2;
  private static final int NEGATIVES = 256;

  /** All kinds of layers of the networks: both strides, both kernels, the projection head. */
  private static final EncoderSpec SPEC = EncoderSpec.moco("resnet18", 16, "cifar", 0, 128);

  private static final Map<String, Long> KNOWN = new ConcurrentHashMap<>();

  /** The digest on this runtime; computed once for a process. */
  public static long of(TensorRuntime runtime) {
    return KNOWN.computeIfAbsent(runtime.describe(), text -> compute(runtime));
  }

  private static long compute(TensorRuntime runtime) {
    try (MocoReplica replica =
            new MocoReplica(runtime, SPEC, BATCH, SIZE, GROUPS, NEGATIVES, 0.2f);
        Arena arena = Arena.ofConfined()) {
      EncoderInit.fill(SPEC, 1, replica.parameters());
      EncoderInit.fill(SPEC, 2, replica.momentumEncoder());
      MemorySegment queue = replica.companion(Moco.QUEUE);
      long floats = queue.byteSize() / Float.BYTES;
      for (long i = 0; i < floats; i++) {
        queue.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i * 37 % 101 - 50) / 500f);
      }
      MicroBatchResult result = replica.run(List.of(views(arena, 7), views(arena, 11)));
      return TensorDigest.combine(
          result.gradientDigest(),
          TensorDigest.of(result.contribution(Moco.QUEUE)),
          Double.doubleToLongBits(result.loss()));
    }
  }

  private static MemorySegment views(Arena arena, int factor) {
    MemorySegment views = arena.allocate((long) BATCH * 3 * SIZE * SIZE, 64);
    for (long at = 0; at < views.byteSize(); at++) {
      views.set(ValueLayout.JAVA_BYTE, at, (byte) ((at * at * factor) >> 5));
    }
    return views;
  }

  private BitProbe() {}
}
