package io.urrl.actors.tensor;

/** The number formats that urrl reads and writes, named as in safetensors. */
public enum ElementType {
  /** 32-bit floating point. */
  F32("<f4", 4),
  /** 64-bit floating point. */
  F64("<f8", 8),
  /** 32-bit signed integer. */
  I32("<i4", 4),
  /** 64-bit signed integer. */
  I64("<i8", 8),
  /** 8-bit unsigned integer. */
  U8("|u1", 1),
  /** 8-bit signed integer. */
  I8("|i1", 1);

  private final String descriptor;
  private final int bytes;

  ElementType(String descriptor, int bytes) {
    this.descriptor = descriptor;
    this.bytes = bytes;
  }

  /** NumPy's {@code descr}, such as {@code <f4}. */
  public String descriptor() {
    return descriptor;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
