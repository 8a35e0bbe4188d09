package io.urrl.gpu.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.TrainerCommand.Substitute;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewSlotTest {
  /** Views of 3 x 5 x 5 bytes: no multiple of a digest's block. */
  private static final int SIZE = 5;

  private static final SampleDraw[] DRAWS = {
    new SampleDraw(0, 4), new SampleDraw(0, 9), new SampleDraw(1, 4)
  };

  private final ViewSlot slot = new ViewSlot(DRAWS.length, SIZE);

  @BeforeEach
  void fill() {
    slot.expect(1, new Lease(new MicroBatchId(2, 0), 0), DRAWS);
    for (int place = 0; place < DRAWS.length; place++) {
      send(place, pair(place), DRAWS[place].sample());
    }
  }

  private static MemorySegment pair(long seed) {
    byte[] bytes = new byte[2 * 3 * SIZE * SIZE];
    new SplittableRandom(seed).nextBytes(bytes);
    return Arena.ofAuto().allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  /** In two chunks, the first of which reaches into the key's view. */
  private void send(int place, MemorySegment pair, int picture) {
    long digest = TensorDigest.of(pair);
    assertTrue(slot.accept(DRAWS[place], place, digest, picture, 0, pair.asSlice(0, 100)));
    assertTrue(slot.accept(DRAWS[place], place, digest, picture, 100, pair.asSlice(100)));
  }

  private static void flip(MemorySegment memory, long at) {
    byte value = memory.get(ValueLayout.JAVA_BYTE, at);
    memory.set(ValueLayout.JAVA_BYTE, at, (byte) (value ^ 2));
  }

  @Test
  void wholeViewsAreIntact() {
    assertTrue(slot.complete());
    assertEquals(0, slot.damaged().length);
    assertEquals(
        TensorDigest.combine(
            TensorDigest.of(pair(0)), TensorDigest.of(pair(1)), TensorDigest.of(pair(2))),
        slot.digest());
  }

  @Test
  void aBitThatChangesIsFoundAndThePlaceFetchedAgain() {
    flip(slot.query(), 3 * SIZE * SIZE + 7);
    flip(slot.key(), slot.key().byteSize() - 1);
    assertArrayEquals(new int[] {1, 2}, slot.damaged());
    slot.forget(1);
    assertFalse(slot.complete());
    assertTrue(slot.lacks(1));
    assertFalse(slot.lacks(0));
    send(1, pair(1), 9);
    assertTrue(slot.complete());
    assertArrayEquals(new int[] {2}, slot.damaged());
  }

  @Test
  void otherPicturesAreNamed() {
    assertEquals(List.of(), slot.substitutes());
    slot.forget(2);
    send(2, pair(2), 5);
    assertEquals(List.of(new Substitute(4, 5)), slot.substitutes());
  }
}
