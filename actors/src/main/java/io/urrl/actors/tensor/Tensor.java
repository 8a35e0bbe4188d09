package io.urrl.actors.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A dense tensor: numbers in C order, little endian, at any alignment.
 *
 * @param type format of the numbers
 * @param shape dimensions, outermost first; empty for a scalar
 * @param data exactly the product of the shape times the element's bytes; not copied
 */
public record Tensor(ElementType type, List<Long> shape, MemorySegment data) {
  /** float32 in file order. */
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** float64 in file order. */
  public static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** int32 in file order. */
  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** int64 in file order. */
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Checks that data and shape agree. */
  public Tensor {
    shape = List.copyOf(shape);
    if (elements(shape) * type.bytes() != data.byteSize()) {
      throw new IllegalArgumentException(
          type + " tensor of shape " + shape + " cannot have " + data.byteSize() + " bytes");
    }
  }

  /** A tensor over memory that is already in file order. */
  public static Tensor of(ElementType type, MemorySegment data, long... shape) {
    return new Tensor(type, Arrays.stream(shape).boxed().toList(), data);
  }

  /** A copy of {@code values}. */
  public static Tensor of(float[] values, long... shape) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    MemorySegment data = MemorySegment.ofArray(bytes);
    MemorySegment.copy(values, 0, data, FLOAT, 0, values.length);
    return of(ElementType.F32, data, shape);
  }

  /** A copy of {@code values}. */
  public static Tensor of(double[] values, long... shape) {
    MemorySegment data = MemorySegment.ofArray(new byte[values.length * Double.BYTES]);
    MemorySegment.copy(values, 0, data, DOUBLE, 0, values.length);
    return of(ElementType.F64, data, shape);
  }

  /** A copy of {@code values}. */
  public static Tensor of(long[] values, long... shape) {
    MemorySegment data = MemorySegment.ofArray(new byte[values.length * Long.BYTES]);
    MemorySegment.copy(values, 0, data, LONG, 0, values.length);
    return of(ElementType.I64, data, shape);
  }

  /** A view of {@code values} as U8. */
  public static Tensor of(byte[] values, long... shape) {
    return of(ElementType.U8, MemorySegment.ofArray(values), shape);
  }

  /** Number of elements. */
  public long elements() {
    return elements(shape);
  }

  /** Length of one dimension. */
  public int dimension(int axis) {
    return Math.toIntExact(shape.get(axis));
  }

  /**
   * All values as float32, converted from whatever the tensor holds.
   *
   * @throws ArithmeticException when there are more than an array can hold
   */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(elements())];
    if (type == ElementType.F32) {
      MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) toDouble(i);
      }
    }
    return values;
  }

  /** All values as float64. */
  public double[] toDoubles() {
    double[] values = new double[Math.toIntExact(elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = toDouble(i);
    }
    return values;
  }

  /** All values as int64; fractions are cut off. */
  public long[] toLongs() {
    long[] values = new long[Math.toIntExact(elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          type == ElementType.I64 ? data.get(LONG, (long) i * Long.BYTES) : (long) toDouble(i);
    }
    return values;
  }

  private double toDouble(long index) {
    long at = index * type.bytes();
    return switch (type) {
      case F32 -> data.get(FLOAT, at);
      case F64 -> data.get(DOUBLE, at);
      case I32 -> data.get(INT, at);
      case I64 -> data.get(LONG, at);
      case U8 -> data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
      case I8 -> data.get(ValueLayout.JAVA_BYTE, at);
    };
  }

  private static long elements(List<Long> shape) {
    long product = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException("shape " + shape + " has a negative dimension");
      }
      product = Math.multiplyExact(product, dimension);
    }
    return product;
  }
}
