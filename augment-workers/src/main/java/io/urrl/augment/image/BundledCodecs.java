package io.urrl.augment.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The native codecs on the class path: Leptonica's shared library, which has libjpeg-turbo and
 * libwebp in it and needs nothing but the C library. It is unpacked and loaded at first use.
 */
final class BundledCodecs {
  private static final String RESOURCE = "/org/bytedeco/leptonica/linux-x86_64/libleptonica.so.6";

  private static final SymbolLookup LIBRARY = load();

  private static SymbolLookup load() {
    try (InputStream library = BundledCodecs.class.getResourceAsStream(RESOURCE)) {
      if (library == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      Path copy = Files.createTempFile("urrl-codecs", ".so");
      try {
        Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
        return SymbolLookup.libraryLookup(copy, Arena.global());
      } finally {
        // What is mapped stays; nothing is left behind however the process ends.
        Files.delete(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled picture codecs cannot be unpacked", e);
    }
  }

  /** A function of the library. */
  static MethodHandle function(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(name), type);
  }

  private BundledCodecs() {}
}
