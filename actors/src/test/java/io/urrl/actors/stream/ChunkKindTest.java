package io.urrl.actors.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChunkKindTest {

  @ParameterizedTest
  @EnumSource
  void aKindHasItsCodeForItself(ChunkKind kind) {
    assertSame(kind, ChunkKind.of(kind.code()));
  }

  @Test
  void codesOnTheWireStay() {
    assertEquals(1, ChunkKind.VIEWS.code());
    assertEquals(2, ChunkKind.RESULT.code());
    assertEquals(3, ChunkKind.STATE.code());
    assertNull(ChunkKind.of((short) 0));
    assertNull(ChunkKind.of((short) (ChunkKind.values().length + 1)));
    assertNull(ChunkKind.of((short) -1));
  }
}
