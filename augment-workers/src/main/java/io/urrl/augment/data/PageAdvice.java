package io.urrl.augment.data;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Tells the kernel how mapped memory will be read ({@code madvise} of Linux). Advice only: where it
 * cannot be given, reading works all the same.
 */
final class PageAdvice {
  private static final long PAGE = 4096;
  private static final int RANDOM = 1;
  private static final int WILL_NEED = 3;

  private static final MethodHandle MADVISE =
      Linker.nativeLinker()
          .defaultLookup()
          .find("madvise")
          .map(
              address ->
                  Linker.nativeLinker()
                      .downcallHandle(
                          address,
                          FunctionDescriptor.of(
                              ValueLayout.JAVA_INT,
                              ValueLayout.JAVA_LONG,
                              ValueLayout.JAVA_LONG,
                              ValueLayout.JAVA_INT)))
          .orElse(null);

  /** Neighbours of what is read are not worth reading with it. */
  static void random(MemorySegment mapped) {
    advise(mapped, 0, mapped.byteSize(), RANDOM);
  }

  /** Starts to read a part, without waiting for it. */
  static void willNeed(MemorySegment mapped, long offset, long length) {
    advise(mapped, offset, length, WILL_NEED);
  }

  private static void advise(MemorySegment mapped, long offset, long length, int advice) {
    if (MADVISE == null || length == 0) {
      return;
    }
    // A mapping begins at a page; so must advice. A bare address, for a slice would be an object.
    long start = offset / PAGE * PAGE;
    try {
      int _ = (int) MADVISE.invokeExact(mapped.address() + start, offset - start + length, advice);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private PageAdvice() {}
}
