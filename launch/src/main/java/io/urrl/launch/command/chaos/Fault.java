package io.urrl.launch.command.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What happens to a node. */
public enum Fault {
  /** The process is gone at once (SIGKILL), and started again by whoever watches. */
  KILL(Duration.ZERO) {
    @Override
    void begin(long pid) {
      Signals.send("KILL", pid);
    }
  },
  /**
   * The process stands still (SIGSTOP) for longer than the others wait for it, and then goes on
   * (SIGCONT) as if nothing had been.
   */
  STOP(Duration.ofSeconds(30)) {
    @Override
    void begin(long pid) {
      Signals.send("STOP", pid);
    }

    @Override
    void end(long pid) {
      Signals.send("CONT", pid);
    }
  },
  /** The process stands still for less than that: nobody may be put out of the cluster by it. */
  PAUSE(Duration.ofSeconds(2)) {
    @Override
    void begin(long pid) {
      Signals.send("STOP", pid);
    }

    @Override
    void end(long pid) {
      Signals.send("CONT", pid);
    }
  },
  /** The process is told to leave (SIGTERM), and started again. */
  LEAVE(Duration.ZERO) {
    @Override
    void begin(long pid) {
      Signals.send("TERM", pid);
    }
  };

  private final Duration lasts;

  Fault(Duration lasts) {
    this.lasts = lasts;
  }

  /** How long it lasts. */
  Duration lasts() {
    return lasts;
  }

  /** It begins at a process. */
  abstract void begin(long pid);

  /** It ends at that process, if it does not at once. */
  void end(long pid) {
    // Most are over as soon as they have begun.
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
