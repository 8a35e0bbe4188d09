package io.urrl.actors.stream;

import static io.urrl.actors.stream.StreamFixture.await;
import static io.urrl.actors.stream.StreamFixture.id;
import static io.urrl.actors.stream.StreamFixture.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.tensor.Bfloat16;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.agrona.DirectBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Bfloat16StreamTest {
  private static final int COUNT = 1_000_003;

  /** Expands what comes, and tells when all is there. */
  private static final class Landing implements ChunkHandler {
    private final MemorySegment floats = Arena.ofAuto().allocate((long) COUNT * Float.BYTES, 64);
    private final Bfloat16Assembly assembly = new Bfloat16Assembly(floats);
    private final CountDownLatch whole = new CountDownLatch(1);

    Landing() {
      assembly.begin();
    }

    @Override
    public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
      MemorySegment bytes =
          MemorySegment.ofAddress(buffer.addressOffset() + payload).reinterpret(header.length());
      if (assembly.accept(header, bytes) && assembly.isComplete()) {
        whole.countDown();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTensorComesInHalfItsBytesAndIsIntact(StreamSettings.Mode mode) {
    MemorySegment floats = Arena.ofAuto().allocate((long) COUNT * Float.BYTES, 64);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < COUNT; i++) {
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
    }
    Bfloat16Source source = new Bfloat16Source(floats);
    Provenance provenance = new Provenance(Bfloat16.digest(floats), 11, 12);
    Landing landing = new Landing();
    try (Streams streams = open(mode)) {
      Transfer transfer =
          new Transfer(
              streams.writerTo(streams.receive(landing)),
              List.of(new Transfer.Part(id(1), provenance, source, source.bytes())));
      await(
          () -> {
            transfer.advance();
            return landing.whole.getCount() == 0;
          });
      assertEquals(2L * COUNT, streams.counters().snapshot().sentBytes());
    }
    assertTrue(landing.assembly.isIntact());
    assertEquals(TensorDigest.of(landing.floats), landing.assembly.digest());
    assertEquals(11, landing.assembly.basis());
    assertEquals(12, landing.assembly.detail());
    float sent = floats.getAtIndex(ValueLayout.JAVA_FLOAT, COUNT - 1);
    float came = landing.floats.getAtIndex(ValueLayout.JAVA_FLOAT, COUNT - 1);
    assertEquals(sent, came, Math.abs(sent) / 256);
    landing.assembly.begin();
    assertFalse(landing.assembly.isComplete());
  }
}
