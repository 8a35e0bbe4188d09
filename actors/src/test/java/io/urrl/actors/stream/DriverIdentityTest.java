package io.urrl.actors.stream;

import static io.urrl.actors.stream.StreamFixture.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.urrl.actors.stream.StreamFixture.Latest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DriverIdentityTest {
  @TempDir private Path temporary;

  private Path directory() throws IOException {
    return Files.createDirectories(temporary.resolve("driver"));
  }

  private Path file() {
    return temporary.resolve("driver.urrl-id");
  }

  @Test
  void allWhoSeeTheDirectoryHaveOneIdentity() throws Exception {
    Path directory = directory();
    Callable<String> ask = () -> DriverIdentity.of(directory);
    Set<String> all = new HashSet<>();
    try (ExecutorService askers = Executors.newFixedThreadPool(8)) {
      for (Future<String> answer : askers.invokeAll(List.of(ask, ask, ask, ask, ask, ask, ask))) {
        all.add(answer.get());
      }
    }
    Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
    all.add(DriverIdentity.of(link));
    assertEquals(1, all.size());
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(Set.of(directory, file(), link), Set.copyOf(left.toList()));
    }
  }

  @Test
  void aPlaceThatKeepsNoIdentityGivesOneThatIsNotShared() throws IOException {
    Path directory = directory();
    Files.writeString(file(), "damaged");
    assertNotEquals(DriverIdentity.of(directory), DriverIdentity.of(directory));
    Files.delete(file());
    Files.createDirectory(file());
    assertNotEquals(DriverIdentity.of(directory), DriverIdentity.of(directory));
  }

  private MediaDriver launch() throws IOException {
    return MediaDriver.launchEmbedded(
        new MediaDriver.Context()
            .aeronDirectoryName(directory().toString())
            .termBufferSparseFile(true)
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true));
  }

  private Streams open() throws IOException {
    return Streams.open(settings(directory().toString(), StreamSettings.Mode.AUTO));
  }

  private long networkBytes() throws IOException {
    try (Aeron aeron =
        Aeron.connect(new Aeron.Context().aeronDirectoryName(directory().toString()))) {
      return aeron.countersReader().getCounterValue(SystemCounterDescriptor.BYTES_SENT.id());
    }
  }

  @Test
  void nodesAtOneDriverUseItsMemory() throws IOException {
    Latest latest = new Latest();
    try (MediaDriver driver = launch();
        Streams one = open();
        Streams two = open()) {
      StreamAddress address = one.receive(latest);
      latest.awaitFrom(two.writerTo(address));
      assertEquals(address.driver(), two.receive(latest).driver());
      assertEquals(0, networkBytes(), driver.aeronDirectoryName());
    }
  }

  /** As two hosts, or two containers, whose drivers have directories of the same name. */
  @Test
  void nodesAtDriversOfTheSameNameUseTheNetwork() throws IOException {
    Latest latest = new Latest();
    try (MediaDriver driver = launch();
        Streams one = open()) {
      Files.delete(file());
      try (Streams two = open()) {
        StreamAddress address = one.receive(latest);
        latest.awaitFrom(two.writerTo(address));
        assertNotEquals(address.driver(), two.receive(latest).driver());
        assertTrue(networkBytes() > 0, driver.aeronDirectoryName());
      }
    }
  }
}
