package io.urrl.launch.command;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Gives the process its real standard error back. The JVM announces incubator modules there at
 * every start and cannot be told not to; so the launcher script starts it with a filter for
 * standard error and hands the real one over as another descriptor. From {@link #restore} on
 * nothing stands between the process and its standard error: not for Java, not for native
 * libraries.
 */
final class StandardError {
  private static final String PROPERTY = "urrl.stderr";
  private static final int STANDARD_ERROR = 2;

  private StandardError() {}

  /** Moves the descriptor that the launcher names to standard error; does nothing without one. */
  static void restore() {
    Integer real = Integer.getInteger(PROPERTY);
    if (real == null) {
      return;
    }
    System.clearProperty(PROPERTY);
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle duplicate =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("dup2"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      MethodHandle close =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("close"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      if ((int) duplicate.invokeExact(real.intValue(), STANDARD_ERROR) >= 0) {
        int closed = (int) close.invokeExact(real.intValue());
        assert closed == 0;
      }
    } catch (Throwable e) {
      // The filter stays in place: all but the announcement passes it.
      System.err.println("urrl: standard error stays filtered: " + e.getMessage());
    }
  }
}
