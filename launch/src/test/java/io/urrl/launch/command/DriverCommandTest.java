package io.urrl.launch.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.stream.Broadcast;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamSettings;
import io.urrl.actors.stream.Streams;
import io.urrl.actors.stream.Transfer;
import io.urrl.launch.ThisJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DriverCommandTest {
  private static final MemorySegment DATA = Arena.global().allocate(100_000);

  @TempDir private Path temporary;

  private Path directory() {
    return temporary.resolve("driver");
  }

  private Process start() throws IOException {
    Process process =
        new ProcessBuilder(
                ThisJvm.command(
                    Main.class.getName(), List.of("driver", "--dir", directory().toString())))
            .redirectErrorStream(true)
            .start();
    BufferedReader output = process.inputReader();
    StringBuilder said = new StringBuilder();
    String line = output.readLine();
    while (line != null && !line.contains("ready at " + directory())) {
      said.append(line).append('\n');
      line = output.readLine();
    }
    assertNotEquals(null, line, said::toString);
    return process;
  }

  private StreamSettings settings() {
    StreamSettings usual = StreamSettings.loopback();
    return new StreamSettings(
        directory().toString(),
        usual.mode(),
        usual.host(),
        usual.mtu(),
        1 << 20,
        Duration.ofSeconds(20));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "did not come about in time");
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Sends until a version that is sent from now on comes in. */
  private static void awaitFrom(ChunkWriter writer, AtomicLong newest) {
    long next = newest.get() + 1;
    ChunkId id = new ChunkId.State(new Fence(1, 1), next, true, 0, 0);
    await(
        () -> {
          writer.offer(id, new Provenance(0, 0, 0), ChunkSource.of(DATA), 0, DATA.byteSize());
          return newest.get() >= next;
        });
  }

  private static void awaitFrom(Broadcast broadcast, AtomicLong newest) {
    long next = newest.get() + 1;
    ChunkId id = new ChunkId.State(new Fence(1, 1), next, true, 0, 0);
    await(
        () -> {
          broadcast.begin(
              List.of(
                  new Transfer.Part(
                      id, new Provenance(0, 0, 0), ChunkSource.of(DATA), DATA.byteSize())));
          broadcast.advance();
          return newest.get() >= next;
        });
  }

  /** As after a crash: nothing is closed, and its successor comes at once. */
  @Test
  void nodesGoOnWhenTheDriverIsKilledAndStartedAgain() throws Exception {
    Process driver = start();
    AtomicLong newest = new AtomicLong();
    AtomicLong followed = new AtomicLong();
    try (Streams streams = Streams.open(settings());
        Streams other = Streams.open(settings());
        Broadcast broadcast = other.broadcast()) {
      ChunkWriter writer =
          other.writerTo(
              streams.receive((header, buffer, payload) -> newest.set(header.state().version())));
      streams.follow(
          broadcast.address(), (header, buffer, payload) -> followed.set(header.state().version()));
      awaitFrom(writer, newest);
      awaitFrom(broadcast, followed);
      driver.destroyForcibly();
      assertTrue(driver.waitFor(20, TimeUnit.SECONDS));
      driver = start();
      awaitFrom(writer, newest);
      awaitFrom(broadcast, followed);
      assertFalse(streams.lost().isDone());
    } finally {
      driver.destroyForcibly();
    }
  }

  @Test
  void aSignalEndsItInOrder() throws Exception {
    Process driver = start();
    try {
      assertTrue(Files.exists(directory()));
      driver.destroy();
      assertTrue(driver.waitFor(20, TimeUnit.SECONDS));
      assertEquals(0, driver.exitValue());
      assertFalse(Files.exists(directory()));
    } finally {
      driver.destroyForcibly();
    }
  }

  @Test
  void anotherDriverThatRunsThereIsLeftAlone() throws Exception {
    Process driver = start();
    try {
      assertEquals(1, Main.run("driver", "--dir", directory().toString()));
      assertTrue(driver.isAlive());
      assertTrue(Files.exists(directory()));
    } finally {
      driver.destroyForcibly();
    }
  }

  @Test
  void aDirectoryIsNeeded() {
    assertEquals(2, Main.run("driver"));
  }
}
