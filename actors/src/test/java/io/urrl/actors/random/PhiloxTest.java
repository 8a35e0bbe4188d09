package io.urrl.actors.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PhiloxTest {

  /** Known answers of the authors' distribution (Random123, kat_vectors, philox4x32 10). */
  @Test
  void givesTheAuthorsKnownAnswers() {
    int[] block = new int[4];
    Philox.generate(block, 0, 0, 0, 0, 0, 0);
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, block);
    Philox.generate(block, -1, -1, -1, -1, -1, -1);
    assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, block);
    Philox.generate(block, 0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
    assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}, block);
  }

  @Property(tries = 200)
  void aStreamDependsOnItsPositionAlone(
      @ForAll long seed,
      @ForAll int epoch,
      @ForAll int sample,
      @ForAll @IntRange(max = 1) int view) {
    Philox fresh = new Philox(seed).position(epoch, sample, view);
    Philox used = new Philox(seed).position(epoch + 1, sample, view);
    used.nextLong();
    used.nextInt();
    used.position(epoch, sample, view);
    for (int draw = 0; draw < 9; draw++) {
      assertEquals(fresh.nextInt(), used.nextInt());
    }
    assertNotEquals(
        new Philox(seed).position(epoch, sample, view).nextLong(),
        new Philox(seed).position(epoch, sample, 1 - view).nextLong());
  }

  @Property(tries = 300)
  void manyDoublesAreTheSameAsOneByOne(
      @ForAll long seed,
      @ForAll int epoch,
      @ForAll int sample,
      @ForAll @IntRange(max = 9) int before,
      @ForAll @IntRange(max = 70) int count) {
    Philox many = new Philox(seed).position(epoch, sample, 1);
    Philox single = new Philox(seed).position(epoch, sample, 1);
    for (int draw = 0; draw < before; draw++) {
      assertEquals(single.nextInt(), many.nextInt());
    }
    double[] found = new double[count];
    many.nextDoubles(found, count);
    for (double value : found) {
      assertEquals(single.nextDouble(), value);
    }
    assertEquals(single.nextInt(), many.nextInt());
  }

  @Property(tries = 50)
  void boundedDrawsStayInRange(@ForAll long seed, @ForAll @IntRange(min = 1) int bound) {
    Philox random = new Philox(seed);
    for (int draw = 0; draw < 50; draw++) {
      int value = random.nextInt(bound);
      assertTrue(value >= 0 && value < bound);
    }
  }

  @Test
  void boundedDrawsAreUniform() {
    Philox random = new Philox(5);
    int[] counts = new int[7];
    int draws = 70_000;
    for (int draw = 0; draw < draws; draw++) {
      counts[random.nextInt(7)]++;
    }
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += Math.pow(count - draws / 7.0, 2) / (draws / 7.0);
    }
    assertTrue(
        chiSquare < 22.46, "chi-square " + chiSquare + " at 6 degrees of freedom, p = 0.001");
  }

  @Test
  void refusesAnEmptyRange() {
    assertThrows(IllegalArgumentException.class, () -> new Philox(1).nextInt(0));
  }
}
