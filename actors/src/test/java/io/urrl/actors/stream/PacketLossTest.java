package io.urrl.actors.stream;

import static io.urrl.actors.stream.StreamFixture.await;
import static io.urrl.actors.stream.StreamFixture.open;
import static io.urrl.actors.stream.StreamFixture.random;
import static io.urrl.actors.stream.StreamFixture.send;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.urrl.actors.stream.StreamFixture.Collector;
import io.urrl.actors.stream.StreamFixture.Latest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two hosts that lose one packet in twenty. */
@Timeout(120)
class PacketLossTest {
  private static final int LENGTH = 10 << 20;

  @BeforeEach
  void lose() {
    System.setProperty(PacketLoss.PROPERTY, "0.05");
  }

  @AfterEach
  void loseNoMore() {
    System.clearProperty(PacketLoss.PROPERTY);
  }

  private static long sentAgain(Streams streams) {
    try (Aeron stranger =
        Aeron.connect(new Aeron.Context().aeronDirectoryName(streams.directory()))) {
      return stranger
          .countersReader()
          .getCounterValue(SystemCounterDescriptor.RETRANSMITS_SENT.id());
    }
  }

  private static void awaitWhole(Collector collector, int sample, MemorySegment data) {
    byte[] expected = data.toArray(ValueLayout.JAVA_BYTE);
    await(() -> Arrays.equals(expected, collector.tensors.get(sample)));
  }

  @Test
  void allThatIsSentToAnAddressArrives() {
    try (Streams streams = open(StreamSettings.Mode.AUTO);
        Streams other = open(StreamSettings.Mode.AUTO)) {
      Collector collector = new Collector(5);
      ChunkWriter writer = streams.writerTo(other.receive(collector));
      for (int sample = 0; sample < 5; sample++) {
        send(writer, sample, random(sample, LENGTH));
      }
      for (int sample = 0; sample < 5; sample++) {
        awaitWhole(collector, sample, random(sample, LENGTH));
      }
      assertTrue(sentAgain(streams) > 10, "packets were lost");
    }
  }

  @Test
  void allThatIsBroadcastArrives() {
    try (Streams streams = open(StreamSettings.Mode.AUTO);
        Streams one = open(StreamSettings.Mode.AUTO);
        Streams two = open(StreamSettings.Mode.AUTO);
        Broadcast broadcast = streams.broadcast()) {
      Latest[] joined = {new Latest(), new Latest(), new Latest()};
      Collector[] collectors = {new Collector(1), new Collector(1), new Collector(1)};
      Streams[] nodes = {streams, one, two};
      for (int i = 0; i < nodes.length; i++) {
        nodes[i].follow(broadcast.address(), joined[i]);
        joined[i].awaitFrom(broadcast);
        nodes[i].follow(broadcast.address(), collectors[i]);
      }
      for (int sample = 1001; sample <= 1005; sample++) {
        send(broadcast, sample, random(sample, LENGTH));
      }
      for (int sample = 1001; sample <= 1005; sample++) {
        for (Collector collector : collectors) {
          awaitWhole(collector, sample, random(sample, LENGTH));
        }
      }
      assertTrue(sentAgain(streams) > 10, "packets were lost");
    }
  }

  @Test
  void aShareThatCannotBeMeantIsNamed() {
    System.setProperty(PacketLoss.PROPERTY, "5%");
    StreamException failure =
        assertThrows(StreamException.class, () -> open(StreamSettings.Mode.AUTO));
    assertTrue(failure.getMessage().contains(PacketLoss.PROPERTY), failure::getMessage);
  }
}
