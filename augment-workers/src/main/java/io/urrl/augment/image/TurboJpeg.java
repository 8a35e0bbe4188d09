package io.urrl.augment.image;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The system's libjpeg-turbo through its TurboJPEG interface, version 2.0 and later (Debian's
 * package {@code libturbojpeg0}). Decodes into native memory and copies from there: letting it
 * write into the heap would save about 2 % but hold up every garbage collection for as long as a
 * picture takes.
 */
final class TurboJpeg implements JpegCodec {
  private static final String LIBRARY = "libturbojpeg.so.0";
  private static final int RGB = 0;
  private static final int CMYK = 11;
  private static final int NO_FLAGS = 0;

  /**
   * How libjpeg's warnings begin. TurboJPEG calls an error that follows a warning a warning, too,
   * but its last text is then the error's.
   */
  private static final List<String> WARNINGS =
      List.of(
          "Corrupt JPEG data",
          "Premature end of JPEG file",
          "Inconsistent progression sequence",
          "Invalid SOS parameters for sequential JPEG",
          "Unknown Adobe color transform code",
          "Warning: unknown JFIF revision number");

  /** The functions; null where the library is not installed. */
  private static final Functions FUNCTIONS = Functions.find();

  private final NativeScratch encoded = new NativeScratch();
  private final NativeScratch decoded = new NativeScratch();
  private byte[] row = new byte[0];

  /** Whether the library is installed. */
  static boolean available() {
    return FUNCTIONS != null;
  }

  @Override
  public void decode(byte[] bytes, int length, JpegStructure structure, Picture into)
      throws BrokenPictureException {
    int width = structure.width();
    int height = structure.height();
    boolean inks = structure.components() == 4;
    int pixelBytes = inks ? 4 : 3;
    MemorySegment pixels = decoded.ofSize((long) pixelBytes * width * height);
    MemorySegment stream = encoded.copyOf(bytes, length);
    FUNCTIONS.decode(stream, length, pixels, width, height, inks ? CMYK : RGB);
    byte[] data = into.resize(width, height);
    if (inks) {
      row = row.length < 4 * width ? new byte[4 * width] : row;
      for (int y = 0; y < height; y++) {
        MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 4L * width * y, row, 0, 4 * width);
        CmykPixels.toRgb(row, width, data, 3 * width * y);
      }
    } else {
      MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 0, data, 0, into.length());
    }
  }

  /** The functions of {@code turbojpeg.h} in use. */
  private record Functions(
      MethodHandle initDecompress,
      MethodHandle decompress,
      MethodHandle errorText,
      MethodHandle destroy) {

    private static Functions find() {
      SymbolLookup library;
      try {
        library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
      } catch (IllegalArgumentException e) {
        return null;
      }
      Linker linker = Linker.nativeLinker();
      FunctionDescriptor decompress =
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT);
      FunctionDescriptor ofHandle =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
      FunctionDescriptor text = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS);
      FunctionDescriptor open = FunctionDescriptor.of(ValueLayout.ADDRESS);
      return new Functions(
          linker.downcallHandle(library.findOrThrow("tjInitDecompress"), open),
          linker.downcallHandle(library.findOrThrow("tjDecompress2"), decompress),
          linker.downcallHandle(library.findOrThrow("tjGetErrorStr2"), text),
          linker.downcallHandle(library.findOrThrow("tjDestroy"), ofHandle));
    }

    /** A decompressor; each picture has its own, for it would lend its tables to the next one. */
    private MemorySegment open() throws Throwable {
      MemorySegment handle = (MemorySegment) initDecompress.invokeExact();
      if (handle.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("no memory for a JPEG decompressor");
      }
      return handle;
    }

    private void decode(
        MemorySegment encoded, long length, MemorySegment pixels, int width, int height, int format)
        throws BrokenPictureException {
      try {
        MemorySegment handle = open();
        try {
          int failed =
              (int)
                  decompress.invokeExact(
                      handle, encoded, length, pixels, width, 0, height, format, NO_FLAGS);
          if (failed != 0) {
            requireWarning((MemorySegment) errorText.invokeExact(handle));
          }
        } finally {
          int _ = (int) destroy.invokeExact(handle);
        }
      } catch (BrokenPictureException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    /** As PIL: what libjpeg only warns of is decoded as well as it can be. */
    private static void requireWarning(MemorySegment last) throws BrokenPictureException {
      String text = last.reinterpret(Long.MAX_VALUE).getString(0);
      if (WARNINGS.stream().noneMatch(text::startsWith)) {
        throw new BrokenPictureException("the JPEG stream is damaged: " + text);
      }
    }
  }
}
