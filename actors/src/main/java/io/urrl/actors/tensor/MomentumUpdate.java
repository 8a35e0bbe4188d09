package io.urrl.actors.tensor;

import io.urrl.actors.simd.VectorWidth;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * MoCo's momentum update of the key encoder: k = m k + (1 - m) q in float32 (He et al., 2020, Eq.
 * 2).
 *
 * <p>The parameter server does it within its fused pass, and a worker repeats it on the parameters
 * that it receives; both go through {@link #blend}, so that they land on the same bits. Multiply
 * and add round separately: a fused multiply-add would give other bits where the processor lacks
 * it.
 */
public final class MomentumUpdate {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.MOMENTUM.floats();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private MomentumUpdate() {}

  /**
   * Lets {@code key} follow {@code query} in place.
   *
   * @param key float32 values in native order, changed
   * @param query as many float32 values
   * @param momentum m, such as 0.999
   */
  public static void follow(MemorySegment key, MemorySegment query, double momentum) {
    if (key.byteSize() != query.byteSize()) {
      throw new IllegalArgumentException(
          "key of " + key.byteSize() + " bytes, query of " + query.byteSize());
    }
    follow(key, query, momentum, 0, key.byteSize() / Float.BYTES);
  }

  /**
   * The same for floats {@code from} to {@code to} - 1 only; the bits do not depend on how the
   * whole is cut into ranges.
   */
  public static void follow(
      MemorySegment key, MemorySegment query, double momentum, long from, long to) {
    float keep = keep(momentum);
    float take = take(momentum);
    FloatVector keeps = FloatVector.broadcast(SPECIES, keep);
    FloatVector takes = FloatVector.broadcast(SPECIES, take);
    long at = from * Float.BYTES;
    long end = to * Float.BYTES;
    int stride = SPECIES.vectorByteSize();
    for (long last = end - stride; at <= last; at += stride) {
      FloatVector k = FloatVector.fromMemorySegment(SPECIES, key, at, ORDER);
      FloatVector q = FloatVector.fromMemorySegment(SPECIES, query, at, ORDER);
      blend(k, q, keeps, takes).intoMemorySegment(key, at, ORDER);
    }
    for (; at < end; at += Float.BYTES) {
      float k = key.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
      float q = query.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
      key.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, blend(k, q, keep, take));
    }
  }

  /** m as the kernels use it. */
  public static float keep(double momentum) {
    return (float) momentum;
  }

  /** 1 - m as the kernels use it. */
  public static float take(double momentum) {
    return (float) (1 - momentum);
  }

  /** keep k + take q. */
  public static FloatVector blend(
      FloatVector key, FloatVector query, FloatVector keep, FloatVector take) {
    return key.mul(keep).add(query.mul(take));
  }

  /** keep k + take q. */
  public static float blend(float key, float query, float keep, float take) {
    return key * keep + query * take;
  }
}
