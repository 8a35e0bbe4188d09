package io.urrl.launch.command;

import java.lang.reflect.Proxy;

/**
 * Hears of Ctrl-C. The JDK offers that in {@code sun.misc.Signal} alone, which the compiler warns
 * of; where it is missing, Ctrl-C ends the process as usual.
 */
final class Interrupts {

  /** Runs {@code task} at every Ctrl-C instead of ending the process. */
  static void each(Runnable task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object listener =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                task.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), listener);
    } catch (ReflectiveOperationException e) {
      System.err.println("urrl: Ctrl-C ends without a checkpoint here: " + e.getMessage());
    }
  }

  private Interrupts() {}
}
