package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GradientPartsTest {
  private final GradientParts parts = new GradientParts(Arena.ofAuto().allocate(400), 40, 24);

  @BeforeEach
  void begin() {
    parts.begin(9, 1, 0);
  }

  private static MemorySegment bytes(int size, int first) {
    MemorySegment bytes = Arena.ofAuto().allocate(size);
    for (int at = 0; at < size; at++) {
      bytes.set(ValueLayout.JAVA_BYTE, at, (byte) (first + at));
    }
    return bytes;
  }

  private void send(ChunkKind kind, MemorySegment bytes, long digest) {
    long half = bytes.byteSize() / 2;
    assertTrue(parts.accept(kind, digest, 77, 2, 0, bytes.asSlice(0, half)));
    assertFalse(parts.complete());
    assertTrue(parts.accept(kind, digest, 77, 2, half, bytes.asSlice(half)));
  }

  private void send(long changeGradient, long changeKeys, long changeStatistics) {
    MemorySegment gradient = bytes(400, 1);
    MemorySegment keys = bytes(40, 2);
    MemorySegment statistics = bytes(24, 3);
    send(ChunkKind.GRADIENT, gradient, TensorDigest.of(gradient) + changeGradient);
    send(ChunkKind.KEYS, keys, TensorDigest.of(keys) + changeKeys);
    send(ChunkKind.STATISTICS, statistics, TensorDigest.of(statistics) + changeStatistics);
    assertTrue(parts.complete());
  }

  @Test
  void whatComesAsItWasComputedIsWhole() {
    send(0, 0, 0);
    assertEquals(Optional.empty(), parts.damage());
    assertEquals(77, parts.basis());
    assertEquals(7, parts.version());
  }

  @Test
  void whatChangedIsNamed() {
    send(1, 0, 0);
    assertEquals(Optional.of("gradient"), parts.damage());
    begin();
    send(0, 1, 0);
    assertEquals(Optional.of("keys"), parts.damage());
    begin();
    send(0, 0, 1);
    assertEquals(Optional.of("batch statistics"), parts.damage());
    begin();
    send(0, 0, 0);
    assertEquals(Optional.empty(), parts.damage());
  }
}
