package io.urrl.augment.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link LayoutKernel} in vectors. */
final class VectorLayout implements LayoutKernel {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Lanes of a vector. */
  private static final int LANES = BYTES.length();

  /** Whole pixels in a vector. */
  private static final int PIXELS = LANES / 3;

  /** The pixels of a vector in reverse; its last byte stays. */
  private static final VectorShuffle<Byte> MIRROR =
      VectorShuffle.fromOp(BYTES, i -> i < 3 * PIXELS ? 3 * (PIXELS - 1 - i / 3) + i % 3 : i);

  /** Of {@value #LANES} pixels in three vectors: where a channel's bytes lie in each vector. */
  private static final VectorShuffle<Byte> RED = VectorShuffle.fromOp(BYTES, i -> 3 * i % LANES);

  private static final VectorShuffle<Byte> GREEN =
      VectorShuffle.fromOp(BYTES, i -> (3 * i + 1) % LANES);
  private static final VectorShuffle<Byte> BLUE =
      VectorShuffle.fromOp(BYTES, i -> (3 * i + 2) % LANES);

  private static final VectorMask<Byte> RED_2 = lanes(0, 1);
  private static final VectorMask<Byte> RED_3 = lanes(0, 2);
  private static final VectorMask<Byte> GREEN_2 = lanes(1, 1);
  private static final VectorMask<Byte> GREEN_3 = lanes(1, 2);
  private static final VectorMask<Byte> BLUE_2 = lanes(2, 1);
  private static final VectorMask<Byte> BLUE_3 = lanes(2, 2);

  /** Lanes of {@code channel} whose bytes lie in vector {@code index} of the three. */
  private static VectorMask<Byte> lanes(int channel, int index) {
    long bits = 0;
    for (int i = 0; i < LANES; i++) {
      bits |= (3 * i + channel) / LANES == index ? 1L << i : 0;
    }
    return VectorMask.fromLong(BYTES, bits);
  }

  @Override
  public void flip(byte[] in, int width, int height, byte[] out) {
    for (int y = 0; y < height; y++) {
      mirror(in, 3 * y * width, width, out);
    }
  }

  /** A block's last byte is the next block's or row's, which comes later. */
  private static void mirror(byte[] in, int row, int width, byte[] out) {
    int x = 0;
    for (; x <= width - PIXELS; x += PIXELS) {
      ByteVector.fromArray(BYTES, in, row + 3 * (width - PIXELS - x))
          .rearrange(MIRROR)
          .intoArray(out, row + 3 * x);
    }
    for (; x < width; x++) {
      int from = row + 3 * (width - 1 - x);
      int to = row + 3 * x;
      out[to] = in[from];
      out[to + 1] = in[from + 1];
      out[to + 2] = in[from + 2];
    }
  }

  @Override
  public void planes(byte[] in, int pixels, MemorySegment out) {
    int whole = pixels - pixels % LANES;
    for (int i = 0; i < whole; i += LANES) {
      ByteVector a = ByteVector.fromArray(BYTES, in, 3 * i);
      ByteVector b = ByteVector.fromArray(BYTES, in, 3 * i + LANES);
      ByteVector c = ByteVector.fromArray(BYTES, in, 3 * i + 2 * LANES);
      a.rearrange(RED)
          .blend(b.rearrange(RED), RED_2)
          .blend(c.rearrange(RED), RED_3)
          .intoMemorySegment(out, i, ORDER);
      a.rearrange(GREEN)
          .blend(b.rearrange(GREEN), GREEN_2)
          .blend(c.rearrange(GREEN), GREEN_3)
          .intoMemorySegment(out, (long) pixels + i, ORDER);
      a.rearrange(BLUE)
          .blend(b.rearrange(BLUE), BLUE_2)
          .blend(c.rearrange(BLUE), BLUE_3)
          .intoMemorySegment(out, 2L * pixels + i, ORDER);
    }
    for (int i = whole; i < pixels; i++) {
      out.set(ValueLayout.JAVA_BYTE, i, in[3 * i]);
      out.set(ValueLayout.JAVA_BYTE, (long) pixels + i, in[3 * i + 1]);
      out.set(ValueLayout.JAVA_BYTE, 2L * pixels + i, in[3 * i + 2]);
    }
  }
}
