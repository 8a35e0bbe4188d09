package io.urrl.actors.stream;

import static io.urrl.actors.stream.StreamFixture.await;
import static io.urrl.actors.stream.StreamFixture.open;
import static io.urrl.actors.stream.StreamFixture.random;
import static io.urrl.actors.stream.StreamFixture.send;
import static io.urrl.actors.stream.StreamFixture.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.stream.StreamFixture.Collector;
import io.urrl.actors.stream.StreamFixture.Latest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class BroadcastTest {
  private static final StreamSettings EMBEDDED = settings("", StreamSettings.Mode.AUTO);
  private static final int LENGTH = 8 << 20;

  /** Milliseconds of twenty tensors that each wait for one who takes nothing. */
  private static final long TWENTY_MOMENTS = 20 * Fanout.PATIENCE.toMillis();

  /** Until all of them have heard what is sent from now on. */
  static void join(Broadcast broadcast, Latest... followers) {
    for (Latest follower : followers) {
      follower.awaitFrom(broadcast);
    }
  }

  private static void awaitWhole(Collector collector, int sample, MemorySegment data) {
    byte[] expected = data.toArray(ValueLayout.JAVA_BYTE);
    await(() -> Arrays.equals(expected, collector.tensors.get(sample)));
  }

  /** Sends until one of the tensors came to all. */
  private static void awaitAll(
      Broadcast broadcast, AtomicInteger next, MemorySegment data, FollowerProcess... followers) {
    await(
        () -> {
          int sample = next.incrementAndGet();
          send(broadcast, sample, data);
          long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
          boolean all = false;
          while (!all && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
            all = Arrays.stream(followers).allMatch(follower -> follower.has(sample));
          }
          return all;
        });
  }

  /** Two followers share the sender's node, two a node of their own. */
  @ParameterizedTest
  @EnumSource
  void allFollowersGetEveryTensorWhole(StreamSettings.Mode mode) throws Exception {
    try (Streams streams = open(mode);
        Streams other = open(mode);
        Broadcast broadcast = streams.broadcast()) {
      Streams[] nodes = {streams, streams, other, other};
      Latest[] joined = new Latest[nodes.length];
      Collector[] collectors = new Collector[nodes.length];
      for (int i = 0; i < nodes.length; i++) {
        joined[i] = new Latest();
        nodes[i].follow(broadcast.address(), joined[i]);
      }
      join(broadcast, joined);
      for (int i = 0; i < nodes.length; i++) {
        collectors[i] = new Collector(2);
        nodes[i].follow(broadcast.address(), collectors[i]);
      }
      MemorySegment first = random(1001, LENGTH);
      MemorySegment second = random(1002, 1_000_003);
      send(broadcast, 1001, first);
      send(broadcast, 1002, second);
      for (Collector collector : collectors) {
        awaitWhole(collector, 1001, first);
        awaitWhole(collector, 1002, second);
      }
      assertEquals(2, ((Fanout) broadcast).drivers(), "one copy for each media driver");
    }
  }

  @Test
  void aFollowerOfAnotherNodeThatReadsNothingHoldsTheOthersUpForAMomentOnly() throws Exception {
    Semaphore go = new Semaphore(0);
    try (Streams streams = Streams.open(EMBEDDED);
        Streams stuck = Streams.open(EMBEDDED);
        Broadcast broadcast = streams.broadcast()) {
      Latest near = new Latest();
      Latest far = new Latest();
      streams.follow(broadcast.address(), near);
      stuck.follow(broadcast.address(), far);
      join(broadcast, near, far);
      stuck.execute(go::acquireUninterruptibly);
      Collector collector = new Collector(20);
      streams.follow(broadcast.address(), collector);
      MemorySegment data = random(1, LENGTH / 8);
      long began = System.nanoTime();
      for (int sample = 1001; sample <= 1020; sample++) {
        send(broadcast, sample, data);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      for (int sample = 1001; sample <= 1020; sample++) {
        awaitWhole(collector, sample, data);
      }
      assertTrue(millis < TWENTY_MOMENTS / 2, millis + " ms for twenty tensors");
      go.release();
      far.awaitFrom(broadcast);
    }
  }

  /** One that takes a chunk now and then is waited for, and the others have all parts meanwhile. */
  @Test
  void aSlowFollowerOfAnotherNodeGetsAllLaterThanTheOthers() throws Exception {
    Semaphore permits = new Semaphore(0);
    try (Streams streams = Streams.open(EMBEDDED);
        Streams slow = Streams.open(EMBEDDED);
        Broadcast broadcast = streams.broadcast()) {
      Latest near = new Latest();
      Latest far = new Latest();
      Collector first = new Collector(2);
      Collector last = new Collector(2);
      streams.follow(broadcast.address(), near);
      slow.follow(broadcast.address(), far);
      join(broadcast, near, far);
      streams.follow(broadcast.address(), first);
      slow.follow(
          broadcast.address(),
          (header, buffer, payload) -> {
            permits.acquireUninterruptibly();
            last.onChunk(header, buffer, payload);
          });
      MemorySegment data = random(1, LENGTH);
      byte[] expected = data.toArray(ValueLayout.JAVA_BYTE);
      broadcast.begin(List.of(part(1001, data), part(1002, data)));
      long[] given = {System.nanoTime()};
      await(
          () -> {
            broadcast.advance();
            if (System.nanoTime() - given[0] > 50_000_000) {
              given[0] = System.nanoTime();
              permits.release();
            }
            return Arrays.equals(expected, first.tensors.get(1002));
          });
      assertFalse(broadcast.isDone());
      permits.release(1_000_000);
      await(
          () -> {
            broadcast.advance();
            return broadcast.isDone();
          });
      awaitWhole(first, 1001, data);
      awaitWhole(last, 1001, data);
      awaitWhole(last, 1002, data);
    }
  }

  private static Transfer.Part part(int sample, MemorySegment data) {
    return new Transfer.Part(
        StreamFixture.id(sample), StreamFixture.NOWHERE, ChunkSource.of(data), data.byteSize());
  }

  @Test
  void withoutFollowersAllGoesAtOnce() {
    try (Streams streams = Streams.open(EMBEDDED);
        Broadcast broadcast = streams.broadcast()) {
      broadcast.begin(List.of(part(1, random(1, 64))));
      assertTrue(broadcast.isDone());
      assertFalse(broadcast.advance());
    }
  }

  @Test
  void memoryIsGivenBackWhenNobodyFollowsAndWhenTheBroadcastEnds() {
    AtomicLong passed = new AtomicLong();
    StreamTiming timing =
        new StreamTiming(
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            () -> System.nanoTime() + passed.get());
    try (Streams streams = Streams.open(EMBEDDED, timing);
        Streams other = Streams.open(EMBEDDED)) {
      Broadcast broadcast = streams.broadcast();
      Latest near = new Latest();
      Latest far = new Latest();
      streams.follow(broadcast.address(), near);
      other.follow(broadcast.address(), far);
      join(broadcast, near, far);
      await(() -> streams.openWriters() == 3 && other.openWriters() == 1);
      other.unfollow(broadcast.address(), far);
      await(() -> other.openWriters() == 0);
      assertEquals(2, ((Fanout) broadcast).drivers());
      passed.addAndGet(Fanout.SILENCE.toNanos());
      await(
          () -> {
            near.awaitFrom(broadcast);
            return ((Fanout) broadcast).drivers() == 1;
          });
      broadcast.close();
      await(() -> streams.openWriters() <= 1);
      streams.unfollow(broadcast.address(), near);
      await(() -> streams.openWriters() == 0);
    }
  }

  /** Sender's driver, then the followers'. */
  @Test
  void aBroadcastGoesOnAfterItsMediaDriversStartedAgain() {
    try (Streams streams = Streams.open(EMBEDDED);
        Streams other = Streams.open(EMBEDDED);
        Broadcast broadcast = streams.broadcast()) {
      Latest near = new Latest();
      Latest far = new Latest();
      streams.follow(broadcast.address(), near);
      other.follow(broadcast.address(), far);
      join(broadcast, near, far);
      streams.cutDriver();
      join(broadcast, near, far);
      other.cutDriver();
      join(broadcast, near, far);
      other.cutClient();
      join(broadcast, near, far);
    }
  }

  /** Three processes at one media driver, one of them with the handler that is looked at. */
  @Test
  void aStoppedProcessHoldsItsNeighboursUpForAMomentAndComesBack(@TempDir Path temporary)
      throws Exception {
    String directory = temporary.resolve("driver").toString();
    StreamSettings external = settings(directory, StreamSettings.Mode.AUTO);
    try (StandaloneDriver driver = StandaloneDriver.start(Path.of(directory), EMBEDDED);
        Streams streams = Streams.open(external);
        Broadcast broadcast = streams.broadcast();
        FollowerProcess stopped = new FollowerProcess(directory, broadcast.address());
        FollowerProcess neighbour = new FollowerProcess(directory, broadcast.address())) {
      assertFalse(driver.ended().isDone());
      MemorySegment data = random(1, LENGTH);
      AtomicInteger next = new AtomicInteger();
      awaitAll(broadcast, next, random(1, 64), stopped, neighbour);
      stopped.signal("STOP");
      int first = next.incrementAndGet();
      long began = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        send(broadcast, first + i, data);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      await(() -> neighbour.has(first + 4));
      for (int i = 0; i < 5; i++) {
        assertTrue(neighbour.has(first + i), "tensor " + i + " of those after the stop");
      }
      assertTrue(millis < TWENTY_MOMENTS / 2, millis + " ms for five tensors");
      assertFalse(stopped.has(first + 4));
      next.set(first + 4);
      stopped.signal("CONT");
      awaitAll(broadcast, next, data, stopped, neighbour);
    }
  }

  /** A host that is gone: a node with a media driver of its own. */
  @Test
  void aKilledProcessOfAnotherHostCostsNothingSoon() throws Exception {
    try (Streams streams = Streams.open(EMBEDDED);
        Broadcast broadcast = streams.broadcast();
        FollowerProcess killed = new FollowerProcess("", broadcast.address())) {
      Collector collector = new Collector(20);
      AtomicInteger next = new AtomicInteger();
      awaitAll(broadcast, next, random(1, 64), killed);
      Latest latest = new Latest();
      streams.follow(broadcast.address(), latest);
      latest.awaitFrom(broadcast);
      killed.signal("KILL");
      streams.follow(broadcast.address(), collector);
      MemorySegment data = random(1, LENGTH / 8);
      long began = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        send(broadcast, 1_000_000 + i, data);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      for (int i = 0; i < 20; i++) {
        awaitWhole(collector, 1_000_000 + i, data);
      }
      assertTrue(millis < TWENTY_MOMENTS / 2, millis + " ms for twenty tensors");
    }
  }
}
