package io.urrl.launch.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that can be told from a later one with the same id. The start is counted in ticks since
 * the machine's own start, so that a clock that is set does not change it.
 *
 * @param pid its id
 * @param ticks when it started
 * @param boot the start of the machine that the ticks count from
 */
record ProcessIdentity(long pid, long ticks, String boot) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Fields of the process's status behind its name, which may hold blanks. */
  private static final int STATE = 0;

  private static final int THREADS = 17;
  private static final int START = 19;

  /** Of a process that lives. */
  static Optional<ProcessIdentity> of(long pid) {
    try {
      String[] fields = fields(pid);
      // A process whose first thread has ended holds files and ports as long as it has others.
      boolean dead =
          fields[STATE].equals("X")
              || (fields[STATE].equals("Z") && Integer.parseInt(fields[THREADS]) <= 1);
      return dead
          ? Optional.empty()
          : Optional.of(
              new ProcessIdentity(
                  pid, Long.parseLong(fields[START]), Files.readString(BOOT).strip()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String[] fields(long pid) throws IOException {
    String status = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
  }

  /** Whether the process goes on; one that has ended and is not waited for yet does not. */
  boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }
}
