package io.urrl.launch.command;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What asks a run to end: Ctrl-C (SIGINT), SIGTERM of Slurm, Kubernetes and systemd, and SIGHUP of
 * a terminal that was closed. The first one stops the run in order, the second one ends the process
 * at once; so does the first one where no run has begun or none goes on any more. A process that
 * was started with SIGHUP or SIGINT ignored, as by {@code nohup}, goes on ignoring it.
 *
 * <p>The JDK offers signals in {@code sun.misc.Signal} alone, which the compiler warns of; where it
 * is missing, signals end the process as usual.
 */
final class StopSignals {
  /** How long a stop in order may take, whatever happens: a checkpoint takes seconds. */
  static final Duration LONGEST_STOP = Duration.ofMinutes(2);

  private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  /** What a shell adds to a signal's number when a process dies of it. */
  private static final int OF_A_SIGNAL = 128;

  private final Consumer<String> say;
  private final IntConsumer end;
  private final Duration longest;
  private Runnable stop;
  private String doing = "";
  private boolean stopping;
  private String nothingLost = "nothing was trained yet";

  /**
   * @param say shows a line
   * @param end ends the process at once with an exit code
   * @param longest how long a stop in order may take
   */
  StopSignals(Consumer<String> say, IntConsumer end, Duration longest) {
    this.say = say;
    this.end = end;
    this.longest = longest;
  }

  /** Listens to this process's signals. */
  static StopSignals listen() {
    return listen(Set.of());
  }

  /**
   * The same for a process that a launcher watches: what a terminal sends to all processes is the
   * launcher's affair.
   */
  static StopSignals listenToTermAlone() {
    return listen(Set.of("INT", "HUP"));
  }

  private static StopSignals listen(Set<String> ignored) {
    StopSignals signals =
        new StopSignals(
            text -> {
              System.out.println();
              System.out.println(text);
            },
            code -> Runtime.getRuntime().halt(code),
            LONGEST_STOP);
    NUMBERS
        .keySet()
        .forEach(
            name -> signals.hear(name, ignored.contains(name) ? () -> {} : () -> signals.on(name)));
    return signals;
  }

  private void hear(String name, Runnable then) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object listener =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                then.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
    } catch (InvocationTargetException e) {
      // The JVM was told to leave this signal alone (-Xrs).
      say.accept("SIG" + name + " ends without a checkpoint: " + e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      say.accept("SIG" + name + " ends without a checkpoint: " + e.getMessage());
    }
  }

  /**
   * From now on the first signal runs {@code ordered}, which must not wait.
   *
   * @param what what it does, for people
   */
  synchronized void stopBy(String what, Runnable ordered) {
    doing = what;
    stop = ordered;
  }

  /**
   * From now on a signal ends the process at once.
   *
   * @param why says that nothing is lost by that
   */
  synchronized void over(String why) {
    stop = null;
    nothingLost = why;
  }

  /** Whether a stop in order was asked for. */
  synchronized boolean asked() {
    return stopping;
  }

  /** A signal came. */
  synchronized void on(String name) {
    int code = OF_A_SIGNAL + NUMBERS.get(name);
    if (stopping) {
      end.accept(code);
    } else if (stop == null) {
      say.accept("ended by SIG" + name + ": " + nothingLost);
      end.accept(code);
    } else {
      stopping = true;
      say.accept(
          "SIG%s: %s; a second signal%s ends at once"
              .formatted(name, doing, name.equals("INT") ? " (Ctrl-C)" : ""));
      stop.run();
      CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> giveUp(code));
    }
  }

  private synchronized void giveUp(int code) {
    if (stop != null) {
      say.accept(
          "not stopped within %d s; ending at once, with what was kept until now; a run goes on with --resume"
              .formatted(longest.toSeconds()));
      end.accept(code);
    }
  }
}
