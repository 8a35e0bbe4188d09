package io.urrl.actors.tensor;

import io.urrl.actors.simd.VectorWidth;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Looks for NaN and infinity in float32 memory. */
public final class Finiteness {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.FINITENESS.floats();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Index of the first tensor that holds NaN or infinity, or -1. */
  public static int firstNonFinite(MemorySegment[] tensors) {
    for (int i = 0; i < tensors.length; i++) {
      if (!allFinite(tensors[i])) {
        return i;
      }
    }
    return -1;
  }

  /** Whether no value is NaN or infinite: 0·x is 0 for a finite x, else NaN, and sums keep NaN. */
  public static boolean allFinite(MemorySegment tensor) {
    long at = 0;
    FloatVector sum = FloatVector.zero(SPECIES);
    int stride = SPECIES.vectorByteSize();
    for (long last = tensor.byteSize() - stride; at <= last; at += stride) {
      sum = sum.add(FloatVector.fromMemorySegment(SPECIES, tensor, at, ORDER).mul(0f));
    }
    float total = sum.reduceLanes(VectorOperators.ADD);
    for (; at < tensor.byteSize(); at += Float.BYTES) {
      total += tensor.get(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, at) * 0f;
    }
    return total == 0f;
  }

  private Finiteness() {}
}
