package io.urrl.parameters;

import io.urrl.actors.simd.VectorWidth;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Adds float32 buffers. */
final class SumKernel {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.SUM.floats();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private SumKernel() {}

  /** target += source, both of one length in native order. */
  static void add(MemorySegment target, MemorySegment source) {
    long end = target.byteSize();
    if (source.byteSize() != end) {
      throw new IllegalArgumentException(
          "cannot add " + source.byteSize() + " bytes to " + end + " bytes");
    }
    long at = 0;
    int stride = SPECIES.vectorByteSize();
    for (; at <= end - stride; at += stride) {
      FloatVector left = FloatVector.fromMemorySegment(SPECIES, target, at, ORDER);
      FloatVector right = FloatVector.fromMemorySegment(SPECIES, source, at, ORDER);
      left.add(right).intoMemorySegment(target, at, ORDER);
    }
    for (; at < end; at += Float.BYTES) {
      target.set(FLOAT, at, target.get(FLOAT, at) + source.get(FLOAT, at));
    }
  }
}
