package io.urrl.augment.image;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * WebP by the bundled libwebp with its default decoding, which is PIL's. Alpha is dropped, not
 * blended, as {@code convert("RGB")} does. Keeps scratch memory: one thread at a time.
 */
final class WebpPixels {
  private static final MethodHandle SIZE =
      BundledCodecs.function(
          "WebPGetInfo",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS));
  private static final MethodHandle DECODE =
      BundledCodecs.function(
          "WebPDecodeRGBInto",
          FunctionDescriptor.of(
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));

  private final NativeScratch encoded = new NativeScratch();
  private final NativeScratch decoded = new NativeScratch();
  private final MemorySegment width = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
  private final MemorySegment height = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);

  /** Whether bytes are a WebP file. */
  static boolean accepts(byte[] bytes, int length) {
    return length >= 16
        && bytes[0] == 'R'
        && bytes[1] == 'I'
        && bytes[2] == 'F'
        && bytes[3] == 'F'
        && bytes[8] == 'W'
        && bytes[9] == 'E'
        && bytes[10] == 'B'
        && bytes[11] == 'P';
  }

  /**
   * Decodes a whole file.
   *
   * @throws BrokenPictureException when it is truncated, damaged, animated or too large
   */
  void decode(byte[] bytes, int length, PixelLimit limit, Picture into)
      throws BrokenPictureException {
    MemorySegment stream = encoded.copyOf(bytes, length);
    try {
      int known = (int) SIZE.invokeExact(stream, (long) length, width, height);
      if (known == 0) {
        throw new BrokenPictureException("the WebP header is damaged");
      }
      int columns = width.get(ValueLayout.JAVA_INT, 0);
      int rows = height.get(ValueLayout.JAVA_INT, 0);
      limit.check(columns, rows);
      long size = 3L * columns * rows;
      MemorySegment pixels = decoded.ofSize(size);
      MemorySegment end =
          (MemorySegment) DECODE.invokeExact(stream, (long) length, pixels, size, 3 * columns);
      if (end.equals(MemorySegment.NULL)) {
        throw new BrokenPictureException("the WebP stream is truncated, damaged or animated");
      }
      byte[] data = into.resize(columns, rows);
      MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 0, data, 0, into.length());
    } catch (BrokenPictureException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
