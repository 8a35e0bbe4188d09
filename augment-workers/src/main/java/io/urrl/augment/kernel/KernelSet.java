package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import java.util.Locale;

/** Which implementation of every kernel a process uses. Both give the same bytes. */
public enum KernelSet {
  /** Plain loops. */
  SCALAR,
  /** Loops of the Vector API. */
  VECTOR;

  /** System property that names a set: {@code scalar} or {@code vector}. */
  public static final String PROPERTY = "urrl.kernels";

  private static final int LEAST_BITS = 256;

  /** Bits of the vectors that this processor does best with; none without the Vector API. */
  private static int vectorBits() {
    boolean here = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return here ? jdk.incubator.vector.IntVector.SPECIES_PREFERRED.vectorBitSize() : 0;
  }

  /** Asks for a width here, so that a wrong one is not found where a kernel's class begins. */
  private static KernelSet vector() {
    VectorWidth.checkRequest();
    return VECTOR;
  }

  /**
   * The set that {@value #PROPERTY} names, else the fastest one for this processor.
   *
   * @throws IllegalArgumentException when the property names none, or {@value VectorWidth#PROPERTY}
   *     no width
   */
  public static KernelSet chosen() {
    String name = System.getProperty(PROPERTY, "");
    if (name.isEmpty()) {
      return vectorBits() >= LEAST_BITS ? vector() : SCALAR;
    }
    for (KernelSet set : values()) {
      if (set.name().equals(name.toUpperCase(Locale.ROOT))) {
        return set == VECTOR ? vector() : set;
      }
    }
    throw new IllegalArgumentException(
        PROPERTY + "=" + name + " is unknown; known are scalar and vector");
  }
}
