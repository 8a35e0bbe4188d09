package io.urrl.actors.stream;

import static io.urrl.actors.stream.StreamFixture.NOWHERE;
import static io.urrl.actors.stream.StreamFixture.await;
import static io.urrl.actors.stream.StreamFixture.id;
import static io.urrl.actors.stream.StreamFixture.offer;
import static io.urrl.actors.stream.StreamFixture.open;
import static io.urrl.actors.stream.StreamFixture.random;
import static io.urrl.actors.stream.StreamFixture.send;
import static io.urrl.actors.stream.StreamFixture.settings;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.urrl.actors.stream.StreamFixture.Collector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class StreamsTest {

  /** Both chunks lie in one poll; the task comes between them. */
  @Test
  void aTaskRunsBeforeChunksThatAreSentAfterIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch last = new CountDownLatch(1);
    AtomicBoolean told = new AtomicBoolean();
    AtomicBoolean toldInTime = new AtomicBoolean();
    try (Streams streams = open(StreamSettings.Mode.AUTO)) {
      StreamAddress address =
          streams.receive(
              (header, buffer, payload) -> {
                switch (header.views().sample()) {
                  case 0 -> first.countDown();
                  case 1 -> streams.execute(() -> told.set(true));
                  default -> {
                    toldInTime.set(told.get());
                    last.countDown();
                  }
                }
              });
      MemorySegment data = random(1, 64);
      ChunkWriter writer = streams.writerTo(address);
      send(writer, 0, data);
      assertTrue(first.await(20, TimeUnit.SECONDS));
      CountDownLatch held = new CountDownLatch(1);
      streams.execute(
          () -> {
            held.countDown();
            awaitQuietly(go);
          });
      assertTrue(held.await(20, TimeUnit.SECONDS));
      send(writer, 1, data);
      send(writer, 2, data);
      go.countDown();
      assertTrue(last.await(20, TimeUnit.SECONDS));
      assertTrue(toldInTime.get());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @EnumSource
  void tensorsOfAnySizeFromManyThreadsArriveWhole(StreamSettings.Mode mode) throws Exception {
    int[] sizes = {1, 63, 65_000, 65_536, 1_000_003, 10_000_000};
    int rounds = 3;
    Collector collector = new Collector(sizes.length * rounds);
    try (Streams streams = open(mode);
        ExecutorService senders = Executors.newFixedThreadPool(3)) {
      StreamAddress address = streams.receive(collector);
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < sizes.length; i++) {
          int sample = round * sizes.length + i;
          MemorySegment data = random(sample, sizes[i]);
          senders.execute(() -> send(streams.writerTo(address), sample, data));
        }
      }
      assertTrue(collector.whole.await(40, TimeUnit.SECONDS));
      for (int sample = 0; sample < sizes.length * rounds; sample++) {
        assertArrayEquals(
            random(sample, sizes[sample % sizes.length]).toArray(ValueLayout.JAVA_BYTE),
            collector.tensors.get(sample));
      }
      assertEquals(0, streams.counters().snapshot().corrupted());
    }
  }

  @Test
  void nothingIsSentOfAnEmptyTensor() {
    AtomicInteger received = new AtomicInteger();
    try (Streams streams = open(StreamSettings.Mode.AUTO)) {
      StreamAddress address =
          streams.receive((header, buffer, payload) -> received.incrementAndGet());
      ChunkWriter writer = streams.writerTo(address);
      send(writer, 1, random(1, 1));
      assertEquals(0, offer(writer, 2, random(2, 0), 0));
      send(writer, 3, random(3, 1));
      await(() -> received.get() >= 2);
      assertEquals(2, streams.counters().snapshot().sentChunks());
    }
  }

  @Test
  void aSlowReaderTakesWhatItsLogHoldsAndTheRestLater() throws Exception {
    Semaphore permits = new Semaphore(0);
    Collector collector = new Collector(1);
    int length = 8 << 20;
    try (Streams streams = open(StreamSettings.Mode.AUTO)) {
      StreamAddress address =
          streams.receive(
              (header, buffer, payload) -> {
                permits.acquireUninterruptibly();
                collector.onChunk(header, buffer, payload);
              });
      MemorySegment data = random(1, length);
      ChunkWriter writer = streams.writerTo(address);
      long[] sent = {0};
      await(
          () -> {
            long before = sent[0];
            sent[0] = offer(writer, 1, data, before);
            return before > 0 && sent[0] == before;
          });
      assertTrue(streams.counters().snapshot().backPressured() > 0);
      assertTrue(sent[0] < 4 << 20, "the log is the only buffer");
      assertEquals(sent[0], streams.counters().snapshot().sentBytes());
      permits.release(1_000_000);
      await(
          () -> {
            sent[0] = offer(writer, 1, data, sent[0]);
            return sent[0] == length;
          });
      assertTrue(collector.whole.await(20, TimeUnit.SECONDS));
      assertArrayEquals(data.toArray(ValueLayout.JAVA_BYTE), collector.tensors.get(1));
    }
  }

  @Test
  void aReceiverThatWasStoppedTakesNothing() {
    AtomicInteger received = new AtomicInteger();
    try (Streams streams = open(StreamSettings.Mode.AUTO)) {
      StreamAddress address =
          streams.receive((header, buffer, payload) -> received.incrementAndGet());
      ChunkWriter writer = streams.writerTo(address);
      MemorySegment data = random(1, 64);
      send(writer, 1, data);
      await(() -> received.get() == 1);
      streams.stop(address);
      await(() -> offer(writer, 2, data, 0) == 0);
    }
  }

  @Test
  void corruptedAndForeignChunksAreDroppedAndCounted() {
    Collector collector = new Collector(1);
    try (Streams streams = open(StreamSettings.Mode.AUTO)) {
      StreamAddress address = streams.receive(collector);
      MemorySegment data = random(1, 1000);
      try (Aeron stranger =
              Aeron.connect(new Aeron.Context().aeronDirectoryName(streams.directory()));
          Publication publication = stranger.addPublication("aeron:ipc", address.streamId())) {
        UnsafeBuffer chunk = new UnsafeBuffer(new byte[ChunkHeader.LENGTH + 1000]);
        int length = chunk.capacity();
        encode(chunk, data);
        for (int at = 0; at < length; at += 7) {
          chunk.putByte(at, (byte) (chunk.getByte(at) ^ 0x10));
          publish(publication, chunk, length);
          chunk.putByte(at, (byte) (chunk.getByte(at) ^ 0x10));
        }
        publish(publication, chunk, 20);
        publish(publication, chunk, length - 1);
        encode(chunk, data);
        chunk.putShort(ChunkHeader.VERSION_OFFSET, (short) (ChunkHeader.VERSION + 1));
        publish(publication, chunk, length);
        int flips = (length + 6) / 7;
        await(
            () -> {
              StreamCounters.Snapshot counts = streams.counters().snapshot();
              return counts.corrupted() + counts.foreign() == flips + 3;
            });
        assertEquals(0, collector.tensors.size());
        encode(chunk, data);
        publish(publication, chunk, length);
        await(() -> collector.whole.getCount() == 0);
      }
      assertArrayEquals(data.toArray(ValueLayout.JAVA_BYTE), collector.tensors.get(1));
    }
  }

  private static void encode(UnsafeBuffer chunk, MemorySegment data) {
    UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(chunk.capacity()));
    int length = (int) data.byteSize();
    ChunkHeader.encode(direct, 0, id(1), NOWHERE, 0, length, length);
    ChunkSource.of(data).copyTo(0, direct, ChunkHeader.LENGTH, length);
    ChunkHeader.encodeCrc(direct, 0, new ChunkChecksum().of(direct, 0, length));
    chunk.putBytes(0, direct, 0, chunk.capacity());
  }

  private static void publish(Publication publication, UnsafeBuffer chunk, int length) {
    await(() -> publication.offer(chunk, 0, length) > 0);
  }

  @Test
  void sendingAllocatesNothing() {
    try (Streams streams = open(StreamSettings.Mode.AUTO)) {
      StreamAddress address = streams.receive((header, buffer, payload) -> {});
      ChunkWriter writer = streams.writerTo(address);
      MemorySegment data = random(1, 1 << 20);
      ChunkSource source = ChunkSource.of(data);
      ChunkId id = id(1);
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      for (int warm = 0; warm < 100; warm++) {
        sendPausing(streams, writer, id, source, data.byteSize());
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int round = 0; round < 40; round++) {
        sendPausing(streams, writer, id, source, data.byteSize());
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      long chunks = 40 * (data.byteSize() / 65_000 + 1);
      assertTrue(allocated < chunks, allocated + " bytes for " + chunks + " chunks");
    }
  }

  private static void sendPausing(
      Streams streams, ChunkWriter writer, ChunkId id, ChunkSource source, long total) {
    long sent = 0;
    while (sent < total) {
      long now = writer.offer(id, NOWHERE, source, sent, total);
      if (now == sent) {
        streams.pause();
      }
      sent = now;
    }
  }

  @Test
  void aMissingExternalDriverIsNamed() {
    StreamTiming hasty =
        new StreamTiming(
            Duration.ofMillis(100), Duration.ofDays(1), Duration.ofDays(1), System::nanoTime);
    StreamSettings nowhere = settings("/nonexistent/aeron", StreamSettings.Mode.AUTO);
    StreamException failure =
        assertThrows(StreamException.class, () -> Streams.open(nowhere, hasty));
    assertTrue(failure.getMessage().contains("/nonexistent/aeron"), failure::getMessage);
  }

  @Test
  void aHostThatCannotBeBoundIsNamed() {
    StreamSettings elsewhere =
        new StreamSettings(
            "", StreamSettings.Mode.AUTO, "192.0.2.1", 65_504, 1 << 20, Duration.ofSeconds(1));
    try (Streams streams = Streams.open(elsewhere)) {
      StreamException failure =
          assertThrows(
              StreamException.class, () -> streams.receive((header, buffer, payload) -> {}));
      assertTrue(failure.getMessage().contains("192.0.2.1"), failure::getMessage);
    }
  }
}
