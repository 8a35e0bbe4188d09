package io.urrl.actors.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Bfloat16Test {

  private static MemorySegment memory(long bytes) {
    return Arena.ofAuto().allocate(bytes, 64);
  }

  private static float roundTrip(float value) {
    MemorySegment floats = memory(Float.BYTES);
    MemorySegment halves = memory(Bfloat16.BYTES);
    floats.set(ValueLayout.JAVA_FLOAT, 0, value);
    Bfloat16.round(floats, 0, halves, 0, 1);
    Bfloat16.expand(halves, 0, floats, 0, 1);
    return floats.get(ValueLayout.JAVA_FLOAT, 0);
  }

  /** Nearest by arithmetic in double, the even one of two as near. */
  private static float nearest(float value) {
    int bits = Float.floatToRawIntBits(value);
    float below = Float.intBitsToFloat(bits & 0xFFFF_0000);
    int aboveBits = (bits & 0xFFFF_0000) + 0x1_0000;
    float above = Float.intBitsToFloat(aboveBits);
    double top =
        Float.isInfinite(above) ? Math.copySign(Math.scalb(1.0, 128), above) : (double) above;
    double down = Math.abs((double) value - below);
    double up = Math.abs(top - value);
    if (down != up) {
      return down < up ? below : above;
    }
    return (aboveBits >>> 16 & 1) == 0 ? above : below;
  }

  @Test
  void roundsToTheNearestAndThereToTheEven() {
    assertEquals(1f, roundTrip(1f));
    assertEquals(1f, roundTrip(1f + 0x1p-8f), "a tie goes to the even one");
    assertEquals(1f + 0x1p-6f, roundTrip(1f + 0x1p-7f + 0x1p-8f), "also upwards");
    assertEquals(1f + 0x1p-7f, roundTrip(1f + 0x1p-8f + 0x1p-20f));
    assertEquals(Float.POSITIVE_INFINITY, roundTrip(Float.MAX_VALUE));
    assertEquals(Float.NEGATIVE_INFINITY, roundTrip(Float.NEGATIVE_INFINITY));
    assertEquals(
        Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(roundTrip(-0f)), "sign of zero");
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 1_000_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(value)) {
        assertEquals(nearest(value), roundTrip(value));
      }
    }
  }

  @Test
  void nanStaysNan() {
    for (int bits : new int[] {0x7F80_0001, 0x7FC0_0000, 0x7FFF_FFFF, 0xFF80_0001, -1}) {
      float again = roundTrip(Float.intBitsToFloat(bits));
      assertTrue(Float.isNaN(again), Integer.toHexString(bits));
    }
  }

  /** All halves, and what lies around the middle between any two neighbours, at any length. */
  @Test
  void vectorsGiveTheBitsOfThePlainLoop() {
    int[] low = {0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF};
    int count = low.length << 16;
    MemorySegment floats = memory((long) count * Float.BYTES);
    for (int i = 0; i < count; i++) {
      floats.setAtIndex(ValueLayout.JAVA_INT, i, ((i / low.length) << 16) | low[i % low.length]);
    }
    for (int length : new int[] {count, count - 1, 7, 8, 9, 0}) {
      MemorySegment halves = memory((long) count * Bfloat16.BYTES + 1);
      MemorySegment plain = memory((long) count * Bfloat16.BYTES + 1);
      Bfloat16.round(floats, 4, halves, 1, Math.max(0, length - 1));
      Bfloat16.roundScalar(floats, 4, plain, 1, Math.max(0, length - 1));
      assertEquals(-1, plain.mismatch(halves));
      MemorySegment again = memory((long) count * Float.BYTES + 1);
      MemorySegment plainAgain = memory((long) count * Float.BYTES + 1);
      Bfloat16.expand(halves, 1, again, 1, length);
      Bfloat16.expandScalar(halves, 1, plainAgain, 1, length);
      assertEquals(-1, plainAgain.mismatch(again));
    }
  }

  @Test
  void theDigestIsThatOfTheExpandedFloats() {
    int count = 10_001;
    SplittableRandom random = new SplittableRandom(9);
    MemorySegment floats = memory((long) count * Float.BYTES);
    for (int i = 0; i < count; i++) {
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
    }
    MemorySegment halves = memory((long) count * Bfloat16.BYTES);
    MemorySegment again = memory(floats.byteSize());
    Bfloat16.round(floats, 0, halves, 0, count);
    Bfloat16.expand(halves, 0, again, 0, count);
    assertEquals(TensorDigest.of(again), Bfloat16.digest(floats));
    assertEquals(Bfloat16.digest(again), Bfloat16.digest(floats), "rounding again changes nothing");
  }
}
