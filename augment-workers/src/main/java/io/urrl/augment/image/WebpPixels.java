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
   * Decodes a whole file. Of an animation this is the first frame on its canvas, black around it.
   *
   * @throws BrokenPictureException when it is truncated, damaged or too large
   */
  void decode(byte[] bytes, int length, PixelLimit limit, Picture into)
      throws BrokenPictureException {
    MemorySegment stream = encoded.copyOf(bytes, length).asSlice(0, length);
    if (WebpAnimation.is(bytes, length)) {
      decodeFirst(stream, WebpAnimation.of(bytes, length, fitting(stream)), limit, into);
      return;
    }
    if (!readSize(stream)) {
      throw new BrokenPictureException("the WebP header is damaged");
    }
    int columns = width.get(ValueLayout.JAVA_INT, 0);
    int rows = height.get(ValueLayout.JAVA_INT, 0);
    limit.check(columns, rows);
    MemorySegment pixels = pixels(columns, rows);
    decode(stream, pixels, 3 * columns);
    copy(pixels, columns, rows, into);
  }

  private void decodeFirst(
      MemorySegment stream, WebpAnimation animation, PixelLimit limit, Picture into)
      throws BrokenPictureException {
    int columns = animation.width();
    int rows = animation.height();
    limit.check(columns, rows);
    WebpAnimation.Frame frame = animation.first();
    MemorySegment canvas = pixels(columns, rows).fill((byte) 0);
    long from = 3L * ((long) columns * frame.top() + frame.left());
    decode(stream.asSlice(frame.from(), frame.length()), canvas.asSlice(from), 3 * columns);
    copy(canvas, columns, rows, into);
  }

  private MemorySegment pixels(int columns, int rows) {
    long size = 3L * columns * rows;
    return decoded.ofSize(size).asSlice(0, size);
  }

  private WebpAnimation.Bitstreams fitting(MemorySegment stream) {
    return (from, length, columns, rows) ->
        readSize(stream.asSlice(from, length))
            && width.get(ValueLayout.JAVA_INT, 0) <= columns
            && height.get(ValueLayout.JAVA_INT, 0) <= rows;
  }

  /** Takes the size from a header; false where it is damaged. */
  private boolean readSize(MemorySegment stream) {
    try {
      return (int) SIZE.invokeExact(stream, stream.byteSize(), width, height) != 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void decode(MemorySegment stream, MemorySegment pixels, int stride)
      throws BrokenPictureException {
    try {
      MemorySegment end =
          (MemorySegment)
              DECODE.invokeExact(stream, stream.byteSize(), pixels, pixels.byteSize(), stride);
      if (end.equals(MemorySegment.NULL)) {
        throw new BrokenPictureException("the WebP stream is truncated or damaged");
      }
    } catch (BrokenPictureException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(MemorySegment pixels, int columns, int rows, Picture into) {
    byte[] data = into.resize(columns, rows);
    MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 0, data, 0, into.length());
  }
}
