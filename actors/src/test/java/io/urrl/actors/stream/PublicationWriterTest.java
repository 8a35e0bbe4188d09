package io.urrl.actors.stream;

import static io.urrl.actors.stream.StreamFixture.await;
import static io.urrl.actors.stream.StreamFixture.offer;
import static io.urrl.actors.stream.StreamFixture.open;
import static io.urrl.actors.stream.StreamFixture.random;
import static io.urrl.actors.stream.StreamFixture.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.urrl.actors.stream.StreamFixture.Latest;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PublicationWriterTest {
  private static final int STREAM = 11;

  private static Aeron stranger(Streams streams) {
    return Aeron.connect(new Aeron.Context().aeronDirectoryName(streams.directory()));
  }

  /** An address at the streams' own driver, whether or not anybody receives there. */
  private static StreamAddress near(Streams streams) {
    StreamAddress real = streams.receive((header, buffer, payload) -> {});
    streams.stop(real);
    return new StreamAddress(real.driver(), real.endpoint(), STREAM);
  }

  @Test
  void aReceiverThatIsNotThereYetGetsAllWhenItPolls() {
    try (Streams streams = open(StreamSettings.Mode.AUTO)) {
      PublicationWriter writer = (PublicationWriter) streams.writerTo(near(streams));
      MemorySegment data = random(1, 8 << 20);
      assertEquals(0, offer(writer, 1, data, 0));
      await(writer::isOpen);
      assertEquals(0, offer(writer, 1, data, 0));
      try (Aeron stranger = stranger(streams);
          Subscription subscription = stranger.addSubscription("aeron:ipc", STREAM)) {
        long[] sent = {0};
        await(
            () -> {
              long before = sent[0];
              sent[0] = offer(writer, 1, data, before);
              return sent[0] > 0 && sent[0] == before;
            });
        assertTrue(sent[0] < data.byteSize(), "nobody polls");
        long[] received = {0};
        await(
            () -> {
              sent[0] = offer(writer, 1, data, sent[0]);
              subscription.poll(
                  (buffer, offset, length, header) -> received[0] += length - ChunkHeader.LENGTH,
                  10);
              return received[0] == data.byteSize();
            });
        assertEquals(data.byteSize(), sent[0]);
      }
    }
  }

  @Test
  void aConnectionWithoutAReceiverGivesItsMemoryBackAndIsOpenedAgain() {
    AtomicLong passed = new AtomicLong();
    StreamTiming timing =
        new StreamTiming(
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            () -> System.nanoTime() + passed.get());
    Latest latest = new Latest();
    try (Streams streams = Streams.open(settings("", StreamSettings.Mode.AUTO), timing)) {
      PublicationWriter kept = (PublicationWriter) streams.writerTo(streams.receive(latest));
      latest.awaitFrom(kept);
      StreamAddress left = streams.receive(latest);
      PublicationWriter dead = (PublicationWriter) streams.writerTo(left);
      latest.awaitFrom(dead);
      streams.stop(left);
      await(() -> offer(dead, 0, random(1, 64), 0) == 0);
      assertEquals(2, streams.openWriters());
      passed.addAndGet(Duration.ofSeconds(31).toNanos());
      await(() -> !dead.isOpen());
      assertTrue(kept.isOpen());
      assertEquals(1, streams.openWriters());
      assertEquals(0, offer(dead, 0, random(1, 64), 0));
      await(dead::isOpen);
      latest.awaitFrom(kept);
    }
  }

  /** Another process at the driver left the log at its last possible position. */
  @Test
  void aLogThatCanHoldNoMoreIsReplaced() {
    try (Streams streams = open(StreamSettings.Mode.AUTO);
        Aeron stranger = stranger(streams)) {
      AtomicInteger received = new AtomicInteger();
      int term = 1 << 20;
      Publication full =
          stranger.addPublication(
              "aeron:ipc?init-term-id=0|term-id="
                  + Integer.MAX_VALUE
                  + "|term-offset="
                  + (term - 128 * 1024)
                  + "|term-length="
                  + term,
              STREAM);
      try (Subscription subscription = stranger.addSubscription("aeron:ipc", STREAM)) {
        PublicationWriter writer = (PublicationWriter) streams.writerTo(near(streams));
        MemorySegment data = random(1, 400_000);
        long[] sent = {0};
        await(
            () -> {
              sent[0] = offer(writer, 1, data, sent[0]);
              poll(subscription, received);
              return sent[0] > 0 && !writer.isOpen();
            });
        assertTrue(sent[0] < data.byteSize(), "the log was full");
        full.close();
        await(
            () -> {
              sent[0] = offer(writer, 1, data, sent[0]);
              poll(subscription, received);
              return received.get() == data.byteSize();
            });
      }
    }
  }

  private static void poll(Subscription subscription, AtomicInteger received) {
    subscription.poll(
        (buffer, offset, length, header) -> received.addAndGet(length - ChunkHeader.LENGTH), 10);
  }

  @Test
  void anAddressThatCannotBeSentToCostsItsSenderNothing() {
    try (Streams streams = open(StreamSettings.Mode.AUTO)) {
      StreamAddress wrong = new StreamAddress("nobody", "no-such-host.invalid:9", STREAM);
      PublicationWriter writer = (PublicationWriter) streams.writerTo(wrong);
      Latest latest = new Latest();
      assertEquals(0, offer(writer, 1, random(1, 64), 0));
      latest.awaitFrom(streams.writerTo(streams.receive(latest)));
      assertEquals(0, offer(writer, 1, random(1, 64), 0));
      assertFalse(streams.lost().isDone());
    }
  }

  @Test
  void nothingGoesOnceAllIsClosed() {
    Streams streams = open(StreamSettings.Mode.AUTO);
    Latest latest = new Latest();
    ChunkWriter writer = streams.writerTo(streams.receive(latest));
    latest.awaitFrom(writer);
    streams.close();
    assertEquals(5, offer(writer, 1, random(1, 64), 5));
  }
}
