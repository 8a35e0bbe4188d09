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

  /** Whether no value is NaN or infinite. */
  public static boolean allFinite(MemorySegment tensor) {
    return allFinite(tensor, 0, tensor.byteSize());
  }

  /**
   * Whether no value in bytes {@code from} to {@code to} - 1 is NaN or infinite: 0·x is 0 for a
   * finite x, else NaN, and sums keep NaN.
   */
  public static boolean allFinite(MemorySegment tensor, long from, long to) {
    long at = from;
    FloatVector sum = FloatVector.zero(SPECIES);
    int stride = SPECIES.vectorByteSize();
    for (long last = to - stride; at <= last; at += stride) {
      sum = sum.add(FloatVector.fromMemorySegment(SPECIES, tensor, at, ORDER).mul(0f));
    }
    float total = sum.reduceLanes(VectorOperators.ADD);
    for (; at < to; at += Float.BYTES) {
      total += tensor.get(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, at) * 0f;
    }
    return total == 0f;
  }

  private Finiteness() {}
}
