package io.urrl.actors.stream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverDirectoryTest {
  private static final String ID = "-01234567-89ab-cdef-0123-456789abcdef";

  /** Above what Linux gives, so that no such process is here. */
  private static final String NOBODY = "urrl-aeron-999999999" + ID;

  @TempDir private Path parent;

  private Path directory(String name) throws IOException {
    return age(Files.createDirectories(parent.resolve(name)));
  }

  private static Path age(Path directory) throws IOException {
    Instant then = Instant.now().minus(Duration.ofHours(1));
    return Files.setLastModifiedTime(directory, FileTime.from(then));
  }

  private void sweep(Duration silence) {
    DriverDirectory.sweep(parent, silence);
  }

  private static MediaDriver start(Path directory) throws IOException {
    MediaDriver driver =
        MediaDriver.launchEmbedded(
            new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .termBufferSparseFile(true)
                .dirDeleteOnShutdown(false));
    age(directory);
    return driver;
  }

  @Test
  void aDriverThatLivesKeepsItsFilesAndOneThatIsGoneLosesThem() throws IOException {
    Path directory = parent.resolve(NOBODY);
    try (MediaDriver driver = start(directory)) {
      sweep(Duration.ofMinutes(1));
      assertTrue(Files.exists(directory.resolve("cnc.dat")), driver.aeronDirectoryName());
    }
    age(directory);
    sweep(Duration.ofNanos(1));
    assertFalse(Files.exists(directory));
  }

  @Test
  void theFilesOfAProcessThatRunsAreLeft() throws IOException {
    Path mine = directory("urrl-aeron-" + ProcessHandle.current().pid() + ID);
    Path nobodys = directory(NOBODY);
    sweep(Duration.ofMinutes(1));
    assertTrue(Files.exists(mine));
    assertFalse(Files.exists(nobodys));
  }

  @Test
  void filesThatAreJustBeingMadeAndThoseOfOthersAreLeft() throws IOException {
    Path young = Files.createDirectories(parent.resolve(NOBODY));
    Path other = directory("aeron-somebody");
    sweep(Duration.ofMinutes(1));
    assertTrue(Files.exists(young));
    assertTrue(Files.exists(other));
  }
}
