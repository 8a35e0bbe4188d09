package io.urrl.launch.command.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What happens to a node. */
public enum Fault {
  /** The process is gone at once (SIGKILL), and started again by whoever watches. */
  KILL("KILL"),
  /**
   * The process stands still (SIGSTOP) for longer than the others wait for it, and then goes on
   * (SIGCONT) as if nothing had been.
   */
  STOP("STOP", Duration.ofSeconds(30)),
  /** The process stands still for less than that: nobody may be put out of the cluster by it. */
  PAUSE("STOP", Duration.ofSeconds(2)),
  /** The process is told to leave (SIGTERM), and started again. */
  LEAVE("TERM");

  private final String signal;
  private final Duration lasts;

  Fault(String signal) {
    this(signal, Duration.ZERO);
  }

  Fault(String signal, Duration lasts) {
    this.signal = signal;
    this.lasts = lasts;
  }

  /** How long it lasts. */
  Duration lasts() {
    return lasts;
  }

  /** It begins at a process. */
  void begin(long pid) {
    Signals.send(signal, pid);
  }

  /** It ends at that process, if it was not over as soon as it had begun. */
  void end(long pid) {
    if (!lasts.isZero()) {
      Signals.send("CONT", pid);
    }
  }

  /** Its name on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of a name. */
  public static Optional<Fault> named(String word) {
    return Arrays.stream(values()).filter(fault -> fault.word().equals(word)).findFirst();
  }

  /** All names. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Fault::word).toList();
  }
}
