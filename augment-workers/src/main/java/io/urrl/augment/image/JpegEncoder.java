package io.urrl.augment.image;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Encodes JPEG as PIL does: libjpeg-turbo with its standard tables, accurate integer DCT and 4:2:0.
 * It is the bundled one on every machine, so that a file has the same bytes everywhere.
 *
 * <p>An instance keeps scratch memory: one thread at a time.
 */
public final class JpegEncoder {
  private static final MethodHandle CREATE =
      BundledCodecs.function(
          "pixCreate",
          FunctionDescriptor.of(
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));
  private static final MethodHandle DATA =
      BundledCodecs.function(
          "pixGetData", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
  private static final MethodHandle WRITE =
      BundledCodecs.function(
          "pixWriteMemJpeg",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));
  private static final MethodHandle FREE =
      BundledCodecs.function("lept_free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
  private static final MethodHandle DESTROY =
      BundledCodecs.function("pixDestroy", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private static final int BITS = 32;
  private static final int NOT_PROGRESSIVE = 0;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment pointer = arena.allocate(ValueLayout.ADDRESS);
  private final MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
  private int[] words = new int[0];

  /**
   * Encodes a picture.
   *
   * @param quality 1..100, on libjpeg's scale
   * @return the whole file
   */
  public byte[] encode(Picture picture, int quality) {
    try {
      MemorySegment pix =
          (MemorySegment) CREATE.invokeExact(picture.width(), picture.height(), BITS);
      if (pix.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("no memory for a picture to encode");
      }
      try {
        fill((MemorySegment) DATA.invokeExact(pix), picture);
        if ((int) WRITE.invokeExact(pointer, size, pix, quality, NOT_PROGRESSIVE) != 0) {
          throw new IllegalStateException("libjpeg-turbo refuses to encode");
        }
        MemorySegment file = pointer.get(ValueLayout.ADDRESS, 0);
        try {
          return file.reinterpret(size.get(ValueLayout.JAVA_LONG, 0))
              .toArray(ValueLayout.JAVA_BYTE);
        } finally {
          FREE.invokeExact(file);
        }
      } finally {
        pointer.set(ValueLayout.ADDRESS, 0, pix);
        DESTROY.invokeExact(pointer);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A word holds red, green and blue from its highest byte down. */
  private void fill(MemorySegment samples, Picture picture) {
    int count = picture.width() * picture.height();
    words = words.length < count ? new int[count] : words;
    byte[] data = picture.data();
    for (int i = 0, at = 0; i < count; i++, at += 3) {
      words[i] = (data[at] & 0xFF) << 24 | (data[at + 1] & 0xFF) << 16 | (data[at + 2] & 0xFF) << 8;
    }
    MemorySegment.copy(
        words,
        0,
        samples.reinterpret((long) Integer.BYTES * count),
        ValueLayout.JAVA_INT,
        0,
        count);
  }
}
