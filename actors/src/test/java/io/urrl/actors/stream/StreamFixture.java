package io.urrl.actors.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;

/** What the tests of the streams share. */
final class StreamFixture {
  static final Provenance NOWHERE = new Provenance(0, 0, 0);
  static final long RUN = 42;

  /** The step of all chunks, so that a header that is read wrongly is noticed. */
  private static final long STEP = 7;

  private static final long PATIENCE_SECONDS = 40;

  static StreamSettings settings(String directory, StreamSettings.Mode mode) {
    return new StreamSettings(
        directory, mode, "127.0.0.1", 65_504, 1 << 20, Duration.ofSeconds(20));
  }

  static Streams open(StreamSettings.Mode mode) {
    return Streams.open(settings("", mode));
  }

  static ChunkId id(int sample) {
    return new ChunkId.Views(new Fence(RUN, 3), STEP, 1, 2, 5, sample);
  }

  static MemorySegment random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, length)).asSlice(0, length);
    memory.copyFrom(MemorySegment.ofArray(bytes));
    return memory;
  }

  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "did not come about in time");
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Offers once what is left of a tensor. */
  static long offer(ChunkWriter writer, int sample, MemorySegment data, long from) {
    return writer.offer(id(sample), NOWHERE, ChunkSource.of(data), from, data.byteSize());
  }

  /** Offers a tensor until all of it has gone. */
  static void send(ChunkWriter writer, int sample, MemorySegment data) {
    long[] sent = {0};
    await(
        () -> {
          sent[0] = offer(writer, sample, data, sent[0]);
          return sent[0] == data.byteSize();
        });
  }

  /** Broadcasts a tensor until all have it that are waited for. */
  static void send(Broadcast broadcast, int sample, MemorySegment data) {
    broadcast.begin(
        List.of(new Transfer.Part(id(sample), NOWHERE, ChunkSource.of(data), data.byteSize())));
    await(
        () -> {
          broadcast.advance();
          return broadcast.isDone();
        });
  }

  /** Puts tensors together by sample and counts those that are whole. */
  static final class Collector implements ChunkHandler {
    final Map<Integer, byte[]> tensors = new ConcurrentHashMap<>();
    final CountDownLatch whole;
    private final Map<Integer, Long> received = new ConcurrentHashMap<>();

    Collector(int expected) {
      whole = new CountDownLatch(expected);
    }

    @Override
    public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
      assertEquals(STEP, header.views().step());
      byte[] tensor =
          tensors.computeIfAbsent(
              header.views().sample(), sample -> new byte[(int) header.total()]);
      buffer.getBytes(payload, tensor, (int) header.offset(), header.length());
      if (received.merge(header.views().sample(), (long) header.length(), Long::sum)
          == header.total()) {
        whole.countDown();
      }
    }
  }

  /** Remembers the newest sample that came in. */
  static final class Latest implements ChunkHandler {
    private static final MemorySegment DATA = random(1, 64);
    private volatile int sample;

    @Override
    public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
      sample = Math.max(sample, header.views().sample());
    }

    /** Sends until something that is sent from now on comes in. */
    void awaitFrom(ChunkWriter writer) {
      int next = sample + 1;
      await(
          () -> {
            offer(writer, next, DATA, 0);
            return sample >= next;
          });
    }

    /** Broadcasts until something that is sent from now on comes in. */
    void awaitFrom(Broadcast broadcast) {
      int next = sample + 1;
      await(
          () -> {
            send(broadcast, next, DATA);
            return sample >= next;
          });
    }
  }

  private StreamFixture() {}
}
