package io.urrl.gpu.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Views;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result.Substitute;
import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.HandPlane;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewSlotTest {
  /** Views of 3 x 5 x 5 bytes: no multiple of a digest's block, nor of a chunk. */
  private static final int SIZE = 5;

  private static final SampleDraw[] DRAWS = {
    new SampleDraw(0, 4), new SampleDraw(0, 9), new SampleDraw(1, 4)
  };

  private final ViewSlot slot = new ViewSlot(DRAWS.length, Views.PAIR.parts(SIZE));
  private final List<Boolean> accepted = new ArrayList<>();
  private final ChunkHandler receiver =
      (header, buffer, payload) ->
          accepted.add(
              slot.accept(
                  header,
                  MemorySegment.ofAddress(buffer.addressOffset() + payload)
                      .reinterpret(header.length())));

  @BeforeEach
  void fill() {
    slot.expect(new Lease(new MicroBatchId(2, 0), 0), DRAWS);
    for (int place = 0; place < DRAWS.length; place++) {
      send(place, pair(place), DRAWS[place].sample());
    }
  }

  private static MemorySegment pair(long seed) {
    byte[] bytes = new byte[2 * 3 * SIZE * SIZE];
    new SplittableRandom(seed).nextBytes(bytes);
    return Arena.ofAuto().allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  private List<Boolean> send(ChunkId id, int picture, MemorySegment pair) {
    accepted.clear();
    Provenance provenance = new Provenance(TensorDigest.of(pair), 0, picture);
    HandPlane.deliver(receiver, id, provenance, pair, 0, pair.byteSize());
    return List.copyOf(accepted);
  }

  private static ChunkId id(int place, int epoch, int sample) {
    return new ChunkId.Views(new Fence(7, 1), 2, 0, place, epoch, sample);
  }

  /** In chunks, the second of which reaches into the key's view. */
  private void send(int place, MemorySegment pair, int picture) {
    List<Boolean> all = send(id(place, DRAWS[place].epoch(), DRAWS[place].sample()), picture, pair);
    assertEquals(List.of(true, true, true), all);
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
    flip(slot.views().get(0), 3 * SIZE * SIZE + 7);
    flip(slot.views().get(1), slot.views().get(1).byteSize() - 1);
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

  @Test
  void viewsOfAnotherSampleOrPlaceAreNotTaken() {
    slot.forget(0);
    List<Boolean> none = List.of(false, false, false);
    assertEquals(none, send(id(0, 1, 4), 4, pair(0)));
    assertEquals(none, send(id(0, 0, 9), 9, pair(0)));
    assertEquals(none, send(id(-1, 0, 4), 4, pair(0)));
    assertEquals(none, send(id(DRAWS.length, 0, 4), 4, pair(0)));
    assertTrue(slot.lacks(0));
  }

  @Test
  void viewsThatComeTwiceAreNotTakenTwice() {
    flip(slot.views().get(0), 0);
    assertEquals(List.of(false, false, false), send(id(0, 0, 4), 4, pair(0)));
    assertArrayEquals(new int[] {0}, slot.damaged(), "they would have mended it");
  }

  /** Two workers make the same views: they go on where the other's ended. */
  @Test
  void aSecondSendersChunksFillWhatIsMissing() {
    slot.forget(0);
    MemorySegment pair = pair(0);
    ChunkId id = id(0, 0, 4);
    Provenance provenance = new Provenance(TensorDigest.of(pair), 0, 4);
    HandPlane.deliver(receiver, id, provenance, pair, 0, HandPlane.CHUNK);
    assertEquals(List.of(false, true, true), send(id, 4, pair));
    assertTrue(slot.complete());
    assertEquals(0, slot.damaged().length);
  }
}
