package io.urrl.augment.image;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The bundled libjpeg-turbo, reached through Leptonica, which guards it against the errors that
 * would end the process. It hands out 32 bits a pixel, which costs a pass more than {@link
 * TurboJpeg}. Four components go through the JDK, which delivers them as the stream holds them.
 */
final class BundledJpeg implements JpegCodec {
  private static final MethodHandle SILENCE =
      BundledCodecs.function(
          "setMsgSeverity", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle READ =
      BundledCodecs.function(
          "pixReadMemJpeg",
          FunctionDescriptor.of(
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));
  private static final FunctionDescriptor NUMBER_OF_PICTURE =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
  private static final MethodHandle WIDTH =
      BundledCodecs.function("pixGetWidth", NUMBER_OF_PICTURE);
  private static final MethodHandle HEIGHT =
      BundledCodecs.function("pixGetHeight", NUMBER_OF_PICTURE);
  private static final MethodHandle WORDS_PER_LINE =
      BundledCodecs.function("pixGetWpl", NUMBER_OF_PICTURE);
  private static final MethodHandle DATA =
      BundledCodecs.function(
          "pixGetData", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
  private static final MethodHandle DESTROY =
      BundledCodecs.function("pixDestroy", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private static final int NO_MESSAGES = 6;
  private static final int NO_COLOUR_MAP = 0;
  private static final int FULL_SIZE = 1;

  /** As PIL: what libjpeg only warns of is decoded as well as it can be. */
  private static final int CONTINUE_WITH_BAD_DATA = 2;

  private final NativeScratch encoded = new NativeScratch();
  private final MemorySegment picture = Arena.ofAuto().allocate(ValueLayout.ADDRESS);
  private int[] words = new int[0];

  BundledJpeg() {
    try {
      int _ = (int) SILENCE.invokeExact(NO_MESSAGES);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void decode(byte[] bytes, int length, JpegStructure structure, Picture into)
      throws BrokenPictureException {
    if (structure.components() == 4) {
      CmykPixels.toRgb(
          ImageIoPixels.components(bytes, length), structure.adobeTransform() > 0, into);
      return;
    }
    try {
      MemorySegment read =
          (MemorySegment)
              READ.invokeExact(
                  encoded.copyOf(bytes, length),
                  (long) length,
                  NO_COLOUR_MAP,
                  FULL_SIZE,
                  MemorySegment.NULL,
                  CONTINUE_WITH_BAD_DATA);
      if (read.equals(MemorySegment.NULL)) {
        throw new BrokenPictureException("the JPEG stream is damaged");
      }
      try {
        copy(read, structure, into);
      } finally {
        picture.set(ValueLayout.ADDRESS, 0, read);
        DESTROY.invokeExact(picture);
      }
    } catch (BrokenPictureException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private void copy(MemorySegment read, JpegStructure structure, Picture into) throws Throwable {
    int width = structure.width();
    int height = structure.height();
    if ((int) WIDTH.invokeExact(read) != width || (int) HEIGHT.invokeExact(read) != height) {
      throw new BrokenPictureException("the JPEG stream contradicts its header");
    }
    int stride = (int) WORDS_PER_LINE.invokeExact(read);
    MemorySegment samples =
        ((MemorySegment) DATA.invokeExact(read)).reinterpret(4L * stride * height);
    byte[] data = into.resize(width, height);
    words = words.length < stride ? new int[stride] : words;
    for (int y = 0; y < height; y++) {
      MemorySegment.copy(samples, ValueLayout.JAVA_INT, 4L * stride * y, words, 0, stride);
      if (structure.components() == 1) {
        gray(data, 3 * width * y, width);
      } else {
        colour(data, 3 * width * y, width);
      }
    }
  }

  /** A word holds red, green and blue from its highest byte down. */
  private void colour(byte[] data, int at, int width) {
    for (int x = 0, to = at; x < width; x++, to += 3) {
      int word = words[x];
      data[to] = (byte) (word >>> 24);
      data[to + 1] = (byte) (word >>> 16);
      data[to + 2] = (byte) (word >>> 8);
    }
  }

  /** A word holds four pixels from its highest byte down. */
  private void gray(byte[] data, int at, int width) {
    for (int x = 0, to = at; x < width; x++, to += 3) {
      byte gray = (byte) (words[x >> 2] >>> (24 - 8 * (x & 3)));
      data[to] = gray;
      data[to + 1] = gray;
      data[to + 2] = gray;
    }
  }
}
