package io.urrl.actors.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TensorDigestTest {

  private static MemorySegment bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return Arena.ofAuto()
        .allocate(Math.max(1, size))
        .asSlice(0, size)
        .copyFrom(MemorySegment.ofArray(bytes));
  }

  @Property(tries = 300)
  void piecesGiveTheDigestOfTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(max = 700) int size,
      @ForAll @IntRange(min = 1, max = 150) int longest) {
    MemorySegment whole = bytes(seed, size);
    SplittableRandom random = new SplittableRandom(seed);
    TensorDigest digest = new TensorDigest();
    for (int at = 0; at < size; ) {
      int length = Math.min(size - at, random.nextInt(1, longest + 1));
      digest.add(whole.asSlice(at, length));
      at += length;
    }
    assertEquals(TensorDigest.of(whole), digest.value());
  }

  @Property(tries = 300)
  void aFlippedBitChangesIt(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 700) int size,
      @ForAll @IntRange(max = 700 * 8 - 1) int place) {
    MemorySegment whole = bytes(seed, size);
    long before = TensorDigest.of(whole);
    int bit = place % (size * 8);
    byte value = whole.get(ValueLayout.JAVA_BYTE, bit / 8);
    whole.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (value ^ 1 << bit % 8));
    assertNotEquals(before, TensorDigest.of(whole));
    whole.set(ValueLayout.JAVA_BYTE, bit / 8, value);
    assertEquals(before, TensorDigest.of(whole));
  }

  @Property(tries = 200)
  void rangesAreJoined(
      @ForAll long seed,
      @ForAll @IntRange(max = 6) int blocks,
      @ForAll @IntRange(max = 500) int rest) {
    int cut = blocks * TensorDigest.BLOCK;
    MemorySegment whole = bytes(seed, cut + rest);
    TensorDigest first = new TensorDigest();
    first.add(whole.asSlice(0, cut));
    TensorDigest second = new TensorDigest();
    second.add(whole.asSlice(cut));
    first.append(second);
    assertEquals(TensorDigest.of(whole), first.value());
  }

  @Test
  void onlyWholeBlocksCanBeContinued() {
    TensorDigest digest = new TensorDigest();
    digest.add(bytes(1, 65));
    assertThrows(IllegalStateException.class, () -> digest.append(new TensorDigest()));
  }

  @Test
  void theVectorsEqualTheirTwin() {
    MemorySegment whole = bytes(5, 64 * 37 + 21);
    TensorDigest scalar = new TensorDigest(false);
    scalar.add(whole);
    assertEquals(TensorDigest.of(whole), scalar.value());
  }

  @Test
  void orderLengthAndExchangedWordsCount() {
    MemorySegment whole = bytes(3, 256);
    long before = TensorDigest.of(whole);
    long first = whole.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    long later = whole.get(ValueLayout.JAVA_LONG_UNALIGNED, 64);
    whole.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, later);
    whole.set(ValueLayout.JAVA_LONG_UNALIGNED, 64, first);
    assertNotEquals(before, TensorDigest.of(whole));
    MemorySegment zeros = Arena.ofAuto().allocate(128);
    assertNotEquals(TensorDigest.of(zeros), TensorDigest.of(zeros.asSlice(0, 127)));
    assertNotEquals(TensorDigest.combine(1, 2), TensorDigest.combine(2, 1));
  }

  /** The values are in ledgers: they are the same in every version and on every machine. */
  @Test
  void valuesAreFixed() {
    MemorySegment counting = Arena.ofAuto().allocate(200);
    for (int at = 0; at < 200; at++) {
      counting.set(ValueLayout.JAVA_BYTE, at, (byte) at);
    }
    assertEquals("899339b1d973bb2d", Long.toHexString(TensorDigest.of(counting)));
    assertEquals("d1d593db5498b8a4", Long.toHexString(TensorDigest.of(MemorySegment.NULL)));
  }
}
