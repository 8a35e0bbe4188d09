package io.urrl.actors.stream;

import static io.urrl.actors.stream.StreamFixture.await;
import static io.urrl.actors.stream.StreamFixture.offer;
import static io.urrl.actors.stream.StreamFixture.random;
import static io.urrl.actors.stream.StreamFixture.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.urrl.actors.stream.StreamFixture.Latest;
import java.lang.foreign.MemorySegment;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StreamsReopeningTest {
  private static final StreamSettings EMBEDDED = settings("", StreamSettings.Mode.AUTO);

  @TempDir private Path temporary;

  private StreamSettings external() {
    return settings(directory().toString(), StreamSettings.Mode.AUTO);
  }

  private Path directory() {
    return temporary.resolve("driver");
  }

  private MediaDriver launch() {
    return MediaDriver.launchEmbedded(
        new MediaDriver.Context()
            .aeronDirectoryName(directory().toString())
            .termBufferSparseFile(true)
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true));
  }

  /** Chunks from the same node through memory, and from another through UDP. */
  @Test
  void aReceiverKeepsItsAddressWhenTheConnectionToTheDriverIsCut() {
    Latest latest = new Latest();
    try (Streams streams = Streams.open(EMBEDDED);
        Streams other = Streams.open(EMBEDDED)) {
      StreamAddress address = streams.receive(latest);
      ChunkWriter near = streams.writerTo(address);
      ChunkWriter far = other.writerTo(address);
      latest.awaitFrom(near);
      latest.awaitFrom(far);
      String directory = streams.directory();
      streams.cutClient();
      latest.awaitFrom(near);
      latest.awaitFrom(far);
      assertEquals(directory, streams.directory(), "the driver lives and is used again");
      other.cutClient();
      latest.awaitFrom(far);
      assertFalse(streams.lost().isDone());
    }
  }

  @Test
  void aReceiverKeepsItsAddressWhenTheEmbeddedDriverEnds() {
    Latest latest = new Latest();
    try (Streams streams = Streams.open(EMBEDDED);
        Streams other = Streams.open(EMBEDDED)) {
      StreamAddress address = streams.receive(latest);
      ChunkWriter near = streams.writerTo(address);
      ChunkWriter far = other.writerTo(address);
      latest.awaitFrom(near);
      latest.awaitFrom(far);
      String directory = streams.directory();
      streams.cutDriver();
      latest.awaitFrom(near);
      latest.awaitFrom(far);
      assertNotEquals(directory, streams.directory());
      assertEquals(address.driver(), streams.receive(latest).driver());
    }
  }

  /** Its thread closes nothing on the way out: files, sockets and clients stay as they were. */
  @Test
  void aReceiverKeepsItsAddressWhenAnErrorEndsTheEmbeddedDriversThread() {
    AtomicBoolean fatal = new AtomicBoolean();
    Latest latest = new Latest();
    try (Streams streams = Streams.open(EMBEDDED, StreamTiming.normal(), () -> fragile(fatal));
        Streams other = Streams.open(EMBEDDED)) {
      StreamAddress address = streams.receive(latest);
      ChunkWriter near = streams.writerTo(address);
      ChunkWriter far = other.writerTo(address);
      latest.awaitFrom(near);
      latest.awaitFrom(far);
      String directory = streams.directory();
      fatal.set(true);
      await(() -> !fatal.get());
      latest.awaitFrom(near);
      latest.awaitFrom(far);
      assertNotEquals(directory, streams.directory());
      assertFalse(streams.lost().isDone());
    }
  }

  /** Throws once when it is told to. */
  private static IdleStrategy fragile(AtomicBoolean fatal) {
    IdleStrategy idle = Streams.idle();
    return new IdleStrategy() {
      @Override
      public void idle(int workCount) {
        if (fatal.compareAndSet(true, false)) {
          throw new StackOverflowError("for the test");
        }
        idle.idle(workCount);
      }

      @Override
      public void idle() {
        idle.idle();
      }

      @Override
      public void reset() {
        idle.reset();
      }
    };
  }

  /** Two nodes at one driver, which starts again. */
  @Test
  void anExternalDriverMayStartAgain() {
    Latest latest = new Latest();
    MemorySegment data = random(1, 64);
    MediaDriver driver = launch();
    try (Streams streams = Streams.open(external());
        Streams other = Streams.open(external())) {
      StreamAddress address = streams.receive(latest);
      PublicationWriter writer = (PublicationWriter) other.writerTo(address);
      latest.awaitFrom(writer);
      driver.close();
      await(() -> offer(writer, 0, data, 0) == 0 && !writer.isOpen());
      driver = launch();
      latest.awaitFrom(writer);
      latest.awaitFrom(streams.writerTo(address));
    } finally {
      driver.close();
    }
  }

  @Test
  void aReceiverMayBeginWhileTheDriverIsAway() throws Exception {
    Latest latest = new Latest();
    MediaDriver driver = launch();
    try (Streams streams = Streams.open(external())) {
      StreamAddress before = streams.receive(latest);
      PublicationWriter writer = (PublicationWriter) streams.writerTo(before);
      latest.awaitFrom(writer);
      driver.close();
      await(() -> offer(writer, 0, random(1, 64), 0) == 0 && !writer.isOpen());
      StreamAddress[] during = new StreamAddress[1];
      Thread thread = Thread.ofPlatform().start(() -> during[0] = streams.receive(latest));
      await(() -> thread.getState() == Thread.State.TIMED_WAITING);
      driver = launch();
      thread.join();
      latest.awaitFrom(streams.writerTo(during[0]));
    } finally {
      driver.close();
    }
  }

  @Test
  void anExternalDriverThatStaysAwayIsReported() throws Exception {
    StreamTiming hasty =
        new StreamTiming(
            Duration.ofSeconds(8), Duration.ofDays(1), Duration.ofMillis(50), System::nanoTime);
    MediaDriver driver = launch();
    try (Streams streams = Streams.open(external(), hasty)) {
      assertFalse(streams.lost().isDone());
      driver.close();
      StreamException lost = streams.lost().get(20, TimeUnit.SECONDS);
      assertTrue(lost.getMessage().contains(directory().toString()), lost::getMessage);
    } finally {
      driver.close();
    }
  }

  @Test
  void aReceiverWhosePortSomebodyTookIsReported() throws Exception {
    AtomicLong passed = new AtomicLong();
    StreamTiming timing =
        new StreamTiming(
            Duration.ofSeconds(8),
            Duration.ofDays(1),
            Duration.ofSeconds(60),
            () -> System.nanoTime() + passed.get());
    MediaDriver driver = launch();
    try (Streams streams = Streams.open(external(), timing)) {
      Latest latest = new Latest();
      StreamAddress address = streams.receive(latest);
      PublicationWriter writer = (PublicationWriter) streams.writerTo(address);
      latest.awaitFrom(writer);
      driver.close();
      await(() -> offer(writer, 0, random(1, 64), 0) == 0 && !writer.isOpen());
      int port = Integer.parseInt(address.endpoint().substring("127.0.0.1:".length()));
      try (DatagramSocket taken = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
        driver = launch();
        assertFalse(streams.lost().isDone());
        passed.addAndGet(Duration.ofSeconds(61).toNanos());
        StreamException lost = streams.lost().get(20, TimeUnit.SECONDS);
        assertTrue(lost.getMessage().contains("UDP port"), lost::getMessage);
        assertEquals(port, taken.getLocalPort());
      }
    } finally {
      driver.close();
    }
  }

  @Test
  void anErrorThatEndsTheReceiveThreadIsReported() throws Exception {
    try (Streams streams = Streams.open(EMBEDDED)) {
      streams.execute(
          () -> {
            throw new StackOverflowError("for the test");
          });
      StreamException lost = streams.lost().get(20, TimeUnit.SECONDS);
      assertTrue(lost.getMessage().contains("receive thread"), lost::getMessage);
    }
  }
}
