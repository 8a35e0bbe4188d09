package io.urrl.actors.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of widths and what overrides it. */
class VectorWidthTest {
  private final String before = System.getProperty(VectorWidth.PROPERTY);

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(VectorWidth.PROPERTY);
    } else {
      System.setProperty(VectorWidth.PROPERTY, before);
    }
  }

  @ParameterizedTest
  @EnumSource(VectorWidth.class)
  void neverExceedsTheProcessor(VectorWidth kernel) {
    System.clearProperty(VectorWidth.PROPERTY);
    assertTrue(kernel.bits() <= VectorWidth.most());
    if (VectorWidth.most() < 512) {
      assertEquals(Math.min(256, VectorWidth.most()), kernel.bits());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 512})
  void thePropertyOverridesTheTable(int bits) {
    System.setProperty(VectorWidth.PROPERTY, Integer.toString(bits));
    int expected = Math.min(bits, VectorWidth.most());
    for (VectorWidth kernel : VectorWidth.values()) {
      assertEquals(expected, kernel.bits());
      assertEquals(expected, kernel.bytes().vectorBitSize());
      assertEquals(expected, kernel.ints().vectorBitSize());
      assertEquals(expected, kernel.longs().vectorBitSize());
      assertEquals(expected, kernel.floats().vectorBitSize());
      assertEquals(expected, kernel.doubles().vectorBitSize());
    }
    assertEquals(expected + " bits", VectorWidth.describe());
  }

  @Test
  void anUnknownWidthIsNamed() {
    System.setProperty(VectorWidth.PROPERTY, "1024");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, VectorWidth.SGD::bits);
    assertEquals("urrl.vector-bits=1024 is unknown; known are 256 and 512", e.getMessage());
  }
}
