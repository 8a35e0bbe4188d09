package io.urrl.actors.simd;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many bits the vectors of each kernel have, as measured; results are the same bytes at any
 * width. What the processor prefers is not what is fastest: alone, some kernels gain a fifth to a
 * third with 512 bits on Zen 4 (hue, Philox) and others lose as much (resampling, rotation, range),
 * but with hue and Philox in 512 beside the others in 256, making views left vectors on the heap
 * and took six times as long. So every kernel has 256.
 *
 * <p>Kernels keep their species in static final fields, which the compiler needs as constants, so
 * the choice falls once, when a kernel's class is initialised: the number of the table, or what the
 * processor has. {@value #PROPERTY} overrides the table.
 */
public enum VectorWidth {
  /** Point operations on bytes, and their least and greatest. */
  TONE(256),
  /** Blending with a constant, and stretching. */
  BLEND(256),
  /** Gray values, and what is blended with them. */
  GRAY(256),
  /** Hue shift. */
  HUE(256),
  /** AugMix's weighted mixture. */
  MIX(256),
  /** Smoothing and blending of sharpness. */
  SHARPNESS(256),
  /** Box blurs. */
  BLUR(256),
  /** Both passes of resampling. */
  RESAMPLE(256),
  /** Shears and translations. */
  SHIFT(256),
  /** Bilinear interpolation of rotations. */
  ROTATION(256),
  /** Weighted sums of doubles, of corruptions' blurs. */
  WEIGHTED_SUMS(256),
  /** The inverse normal distribution. */
  NORMAL(256),
  /** Bulk draws of Philox. */
  PHILOX(256),
  /** The parameter server's fused update. */
  SGD(256),
  /** The sum of gradients. */
  SUM(256),
  /** The key encoder's momentum update. */
  MOMENTUM(256),
  /** The search for NaN and infinity. */
  FINITENESS(256);

  /** System property that gives every kernel one width: {@code 256} or {@code 512}. */
  public static final String PROPERTY = "urrl.vector-bits";

  private static final int NARROW = 256;
  private static final int WIDE = 512;

  /** Bits as measured on Zen 4, with AVX-512, and on Zen 3, without (docs/benchmarks.md). */
  private final int measured;

  VectorWidth(int measured) {
    this.measured = measured;
  }

  /** Bits of the processor's widest vectors, as the JVM offers them. */
  public static int most() {
    return ByteVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /**
   * Bits of this kernel's vectors.
   *
   * @throws IllegalArgumentException when {@value #PROPERTY} is neither 256 nor 512
   */
  public int bits() {
    int requested = requested();
    return Math.min(most(), requested > 0 ? requested : measured);
  }

  /**
   * Whether {@value #PROPERTY} can be followed.
   *
   * @throws IllegalArgumentException when it is neither 256 nor 512
   */
  public static void checkRequest() {
    requested();
  }

  /** What {@value #PROPERTY} asks for, 0 when it is not set. */
  private static int requested() {
    String value = System.getProperty(PROPERTY, "");
    return switch (value) {
      case "" -> 0;
      case "256" -> NARROW;
      case "512" -> WIDE;
      default ->
          throw new IllegalArgumentException(
              PROPERTY + "=" + value + " is unknown; known are 256 and 512");
    };
  }

  private VectorShape shape() {
    return VectorShape.forBitSize(bits());
  }

  /** Bytes of this width. */
  public VectorSpecies<Byte> bytes() {
    return ByteVector.SPECIES_PREFERRED.withShape(shape());
  }

  /** 32-bit integers of this width. */
  public VectorSpecies<Integer> ints() {
    return IntVector.SPECIES_PREFERRED.withShape(shape());
  }

  /** 64-bit integers of this width. */
  public VectorSpecies<Long> longs() {
    return LongVector.SPECIES_PREFERRED.withShape(shape());
  }

  /** 32-bit floating-point numbers of this width. */
  public VectorSpecies<Float> floats() {
    return FloatVector.SPECIES_PREFERRED.withShape(shape());
  }

  /** 64-bit floating-point numbers of this width. */
  public VectorSpecies<Double> doubles() {
    return DoubleVector.SPECIES_PREFERRED.withShape(shape());
  }

  /** Which kernels have which width, such as {@code 256 bits; 512: philox, sgd}. */
  public static String describe() {
    int usual = Math.min(most(), requested() > 0 ? requested() : NARROW);
    Set<VectorWidth> others = EnumSet.allOf(VectorWidth.class);
    others.removeIf(kernel -> kernel.bits() == usual);
    String text = usual + " bits";
    return others.isEmpty()
        ? text
        : text + "; " + others.iterator().next().bits() + ": " + list(others);
  }

  private static String list(Set<VectorWidth> kernels) {
    return kernels.stream()
        .map(kernel -> kernel.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", "));
  }
}
