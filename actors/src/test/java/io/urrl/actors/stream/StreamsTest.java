package io.urrl.actors.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.Publication;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class StreamsTest {
  private static final Provenance NOWHERE = new Provenance(0, 0, 0);
  private static final long RUN = 42;

  private static StreamSettings settings(StreamSettings.Mode mode, Duration timeout) {
    return new StreamSettings("", mode, "127.0.0.1", 65_504, 1 << 20, timeout);
  }

  private static StreamSettings settings(StreamSettings.Mode mode) {
    return settings(mode, Duration.ofSeconds(20));
  }

  private static ChunkId id(int sample) {
    return new ChunkId(ChunkKind.GRADIENT, 3, 7, 1, 2, 5, sample);
  }

  private static MemorySegment random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, length)).asSlice(0, length);
    memory.copyFrom(MemorySegment.ofArray(bytes));
    return memory;
  }

  /** Puts tensors together by sample and counts those that are whole. */
  private static final class Collector implements ChunkHandler {
    private final Map<Integer, byte[]> tensors = new ConcurrentHashMap<>();
    private final Map<Integer, Long> received = new ConcurrentHashMap<>();
    private final CountDownLatch whole;

    Collector(int expected) {
      whole = new CountDownLatch(expected);
    }

    @Override
    public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
      assertEquals(7, header.step());
      byte[] tensor =
          tensors.computeIfAbsent(header.sample(), sample -> new byte[(int) header.total()]);
      buffer.getBytes(payload, tensor, (int) header.offset(), header.length());
      if (received.merge(header.sample(), (long) header.length(), Long::sum) == header.total()) {
        whole.countDown();
      }
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "did not come about in 20 s");
      Thread.onSpinWait();
    }
  }

  /** Both chunks lie in one poll; the task comes between them. */
  @Test
  void aTaskRunsBeforeChunksThatAreSentAfterIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch last = new CountDownLatch(1);
    AtomicBoolean told = new AtomicBoolean();
    AtomicBoolean toldInTime = new AtomicBoolean();
    try (Streams streams = Streams.open(settings(StreamSettings.Mode.AUTO), RUN)) {
      StreamAddress address =
          streams.receive(
              (header, buffer, payload) -> {
                switch (header.sample()) {
                  case 0 -> first.countDown();
                  case 1 -> streams.execute(() -> told.set(true));
                  default -> {
                    toldInTime.set(told.get());
                    last.countDown();
                  }
                }
              });
      MemorySegment data = random(1, 64);
      streams.writerTo(address).send(id(0), NOWHERE, ChunkSource.of(data), 0, 64, 64);
      assertTrue(first.await(20, TimeUnit.SECONDS));
      CountDownLatch held = new CountDownLatch(1);
      streams.execute(
          () -> {
            held.countDown();
            awaitQuietly(go);
          });
      assertTrue(held.await(20, TimeUnit.SECONDS));
      streams.writerTo(address).send(id(1), NOWHERE, ChunkSource.of(data), 0, 64, 64);
      streams.writerTo(address).send(id(2), NOWHERE, ChunkSource.of(data), 0, 64, 64);
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
    int[] sizes = {0, 1, 63, 65_000, 65_536, 1_000_003, 10_000_000};
    int rounds = 3;
    Collector collector = new Collector(sizes.length * rounds);
    try (Streams streams = Streams.open(settings(mode), RUN);
        ExecutorService senders = Executors.newFixedThreadPool(3)) {
      StreamAddress address = streams.receive(collector);
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < sizes.length; i++) {
          int sample = round * sizes.length + i;
          MemorySegment data = random(sample, sizes[i]);
          senders.execute(
              () ->
                  streams
                      .writerTo(address)
                      .send(
                          id(sample),
                          NOWHERE,
                          ChunkSource.of(data),
                          0,
                          data.byteSize(),
                          data.byteSize()));
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
  void aSlowReaderHoldsTheSenderBackAndLosesNothing() throws Exception {
    Semaphore permits = new Semaphore(0);
    Collector collector = new Collector(1);
    int length = 8 << 20;
    try (Streams streams = Streams.open(settings(StreamSettings.Mode.AUTO), RUN);
        ExecutorService sender = Executors.newSingleThreadExecutor()) {
      StreamAddress address =
          streams.receive(
              (header, buffer, payload) -> {
                permits.acquireUninterruptibly();
                collector.onChunk(header, buffer, payload);
              });
      MemorySegment data = random(1, length);
      var sent =
          sender.submit(
              () ->
                  streams
                      .writerTo(address)
                      .send(id(1), NOWHERE, ChunkSource.of(data), 0, length, length));
      await(() -> streams.counters().snapshot().backPressured() > 0);
      assertTrue(streams.counters().snapshot().sentBytes() < 4 << 20, "the log is the only buffer");
      permits.release(1_000_000);
      sent.get();
      assertTrue(collector.whole.await(20, TimeUnit.SECONDS));
      assertArrayEquals(data.toArray(ValueLayout.JAVA_BYTE), collector.tensors.get(1));
    }
  }

  @Test
  void aReceiverThatDoesNotReadIsNamed() {
    Semaphore never = new Semaphore(0);
    try (Streams streams =
        Streams.open(settings(StreamSettings.Mode.AUTO, Duration.ofMillis(300)), RUN)) {
      StreamAddress address =
          streams.receive((header, buffer, payload) -> never.acquireUninterruptibly());
      MemorySegment data = random(1, 8 << 20);
      StreamException failure =
          assertThrows(
              StreamException.class,
              () ->
                  streams
                      .writerTo(address)
                      .send(
                          id(1),
                          NOWHERE,
                          ChunkSource.of(data),
                          0,
                          data.byteSize(),
                          data.byteSize()));
      assertTrue(failure.getMessage().contains("took no data"), failure::getMessage);
      never.release(1_000_000);
    }
  }

  @Test
  void corruptedAndForeignChunksAreDroppedAndCounted() {
    Collector collector = new Collector(1);
    try (Streams streams = Streams.open(settings(StreamSettings.Mode.AUTO), RUN)) {
      StreamAddress address = streams.receive(collector);
      MemorySegment data = random(1, 1000);
      try (Aeron stranger =
              Aeron.connect(new Aeron.Context().aeronDirectoryName(address.driver()));
          Publication publication = stranger.addPublication("aeron:ipc", address.streamId())) {
        UnsafeBuffer chunk = new UnsafeBuffer(new byte[ChunkHeader.LENGTH + 1000]);
        int length = chunk.capacity();
        encode(chunk, RUN, data);
        for (int at = 0; at < length; at += 7) {
          chunk.putByte(at, (byte) (chunk.getByte(at) ^ 0x10));
          offer(publication, chunk, length);
          chunk.putByte(at, (byte) (chunk.getByte(at) ^ 0x10));
        }
        offer(publication, chunk, 20);
        offer(publication, chunk, length - 1);
        encode(chunk, RUN + 1, data);
        offer(publication, chunk, length);
        int flips = (length + 6) / 7;
        await(
            () -> {
              StreamCounters.Snapshot counts = streams.counters().snapshot();
              return counts.corrupted() + counts.foreign() == flips + 3;
            });
        assertEquals(0, collector.tensors.size());
        encode(chunk, RUN, data);
        offer(publication, chunk, length);
        await(() -> collector.whole.getCount() == 0);
      }
      assertArrayEquals(data.toArray(ValueLayout.JAVA_BYTE), collector.tensors.get(1));
    }
  }

  private static void encode(UnsafeBuffer chunk, long run, MemorySegment data) {
    UnsafeBuffer direct = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(chunk.capacity()));
    int length = (int) data.byteSize();
    ChunkHeader.encode(direct, 0, run, id(1), NOWHERE, 0, length, length);
    ChunkSource.of(data).copyTo(0, direct, ChunkHeader.LENGTH, length);
    ChunkHeader.encodeCrc(direct, 0, new ChunkChecksum().of(direct, 0, length));
    chunk.putBytes(0, direct, 0, chunk.capacity());
  }

  private static void offer(Publication publication, UnsafeBuffer chunk, int length) {
    await(() -> publication.offer(chunk, 0, length) > 0);
  }

  @Test
  void sendingAllocatesNothing() {
    Collector collector = new Collector(1);
    try (Streams streams = Streams.open(settings(StreamSettings.Mode.AUTO), RUN)) {
      StreamAddress address = streams.receive((header, buffer, payload) -> {});
      ChunkWriter writer = streams.writerTo(address);
      MemorySegment data = random(1, 4 << 20);
      ChunkSource source = ChunkSource.of(data);
      ChunkId id = id(1);
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      for (int warm = 0; warm < 200; warm++) {
        writer.send(id, NOWHERE, source, 0, data.byteSize(), data.byteSize());
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int round = 0; round < 50; round++) {
        writer.send(id, NOWHERE, source, 0, data.byteSize(), data.byteSize());
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      long chunks = 50 * (data.byteSize() / 65_000 + 1);
      assertTrue(allocated < chunks, allocated + " bytes for " + chunks + " chunks");
      assertEquals(1, collector.whole.getCount());
    }
  }

  @Test
  void aMissingExternalDriverIsNamed() {
    StreamSettings nowhere =
        new StreamSettings(
            "/nonexistent/aeron",
            StreamSettings.Mode.AUTO,
            "127.0.0.1",
            65_504,
            1 << 20,
            Duration.ofSeconds(1));
    StreamException failure = assertThrows(StreamException.class, () -> Streams.open(nowhere, RUN));
    assertTrue(failure.getMessage().contains("/nonexistent/aeron"), failure::getMessage);
  }
}
