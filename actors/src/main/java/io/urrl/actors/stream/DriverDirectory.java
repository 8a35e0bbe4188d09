package io.urrl.actors.stream;

import io.aeron.CommonContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where embedded media drivers keep their files: in shared memory where there is any. A process
 * that is killed leaves its files there, tens of megabytes of memory that nobody would give back;
 * so whoever starts a driver takes away what drivers left that are gone.
 */
final class DriverDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(DriverDirectory.class);
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "urrl-aeron-";
  private static final Pattern WITH_PROCESS = Pattern.compile(PREFIX + "(\\d{1,9})-[-0-9a-f]{36}");

  /** How long a driver that lives may go without a sign of life, or without any file. */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  /** A directory that is not there yet, after a sweep of its neighbours. */
  static Path fresh() {
    Path parent =
        Files.isWritable(SHARED_MEMORY)
            ? SHARED_MEMORY
            : Path.of(System.getProperty("java.io.tmpdir"));
    sweep(parent, SILENCE);
    return parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
  }

  /**
   * Deletes the directories of drivers that are gone: no such process here, no sign of life (the
   * process may be in another container), and not just being made.
   */
  static void sweep(Path parent, Duration silence) {
    try (Stream<Path> all = Files.list(parent)) {
      List<Path> left =
          all.filter(path -> path.getFileName().toString().startsWith(PREFIX))
              .filter(path -> isAbandoned(path, silence))
              .toList();
      for (Path directory : left) {
        LOG.info("removing {}, whose media driver is gone", directory);
        IoUtil.delete(directory.toFile(), true);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be searched for left files: {}", parent, e.getMessage());
    }
  }

  private static boolean isAbandoned(Path directory, Duration silence) {
    Matcher name = WITH_PROCESS.matcher(directory.getFileName().toString());
    if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isPresent()) {
      return false;
    }
    try {
      Instant made = Files.getLastModifiedTime(directory).toInstant();
      return made.isBefore(Instant.now().minus(silence))
          && !CommonContext.isDriverActive(directory.toFile(), silence.toMillis(), LOG::debug);
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} is left alone", directory, e);
      return false;
    }
  }

  private DriverDirectory() {}
}
