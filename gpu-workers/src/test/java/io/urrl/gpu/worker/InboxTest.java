package io.urrl.gpu.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Parts;
import io.urrl.actors.objective.Views;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.HandPlane;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamCounters;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final int TERM = 4;
  private static final long PARAMETER_BYTES = 160;
  private static final long QUEUE_BYTES = 96;
  private static final long ROW_BYTES = 24;
  private static final boolean WHOLE = true;
  private static final boolean CHANGE = false;
  private static final int QUEUE = Parts.companion(0);

  private final StreamCounters counters = new StreamCounters();
  private final List<ViewSlot> slots = new ArrayList<>();
  private final List<StagedVersion> versions = new ArrayList<>();
  private final Inbox inbox = new Inbox(counters, slots::add, versions::add);

  @BeforeEach
  void begin() {
    inbox.begin(fence(TERM), List.of(staged(TERM), staged(TERM)));
  }

  private static Fence fence(int term) {
    return new Fence(7, term);
  }

  /** Room for a version with a queue, and with statistics that do not come. */
  private static StagedVersion staged(int term) {
    return new StagedVersion(
        fence(term),
        TensorLayout.split(PARAMETER_BYTES / Float.BYTES, 1),
        true,
        List.of(QUEUE_BYTES, 0L));
  }

  private static MemorySegment filled(long bytes, long value) {
    return Arena.ofAuto().allocate(bytes, 64).fill((byte) value);
  }

  private void send(int part, long version, boolean whole, long bytes, long from, long to) {
    HandPlane.deliver(
        inbox,
        new ChunkId.State(fence(TERM), version, whole, part, 2),
        provenance(bytes, version),
        filled(bytes, version),
        from,
        to);
  }

  private static Provenance provenance(long bytes, long version) {
    long digest = TensorDigest.of(filled(bytes, version));
    return new Provenance(digest, version + 100, (int) digest);
  }

  private void beginVersion(long version, boolean whole) {
    send(Parts.PARAMETERS, version, whole, PARAMETER_BYTES, 0, HandPlane.CHUNK);
  }

  private void endVersion(long version, boolean whole) {
    send(Parts.PARAMETERS, version, whole, PARAMETER_BYTES, HandPlane.CHUNK, PARAMETER_BYTES);
    if (whole) {
      send(Parts.MOMENTUM_ENCODER, version, whole, PARAMETER_BYTES, 0, PARAMETER_BYTES);
    }
    long rows = whole ? QUEUE_BYTES : ROW_BYTES;
    send(QUEUE, version, whole, rows, 0, rows);
  }

  private void version(long version, boolean whole) {
    beginVersion(version, whole);
    endVersion(version, whole);
  }

  private static void expectFilled(MemorySegment tensor, long bytes, long value) {
    assertArrayEquals(
        filled(bytes, value).toArray(ValueLayout.JAVA_BYTE), tensor.toArray(ValueLayout.JAVA_BYTE));
  }

  private StagedVersion expectOne(long version, boolean whole) {
    assertEquals(1, versions.size());
    StagedVersion staged = versions.removeFirst();
    assertEquals(version, staged.version());
    assertEquals(whole, staged.whole());
    expectFilled(staged.parameters(), PARAMETER_BYTES, version);
    expectFilled(staged.first().companion(0), whole ? QUEUE_BYTES : ROW_BYTES, version);
    assertEquals(
        TensorDigest.of(filled(PARAMETER_BYTES, version)), staged.first().parametersDigest());
    assertEquals(version + 100, staged.first().basis());
    return staged;
  }

  @Test
  void aVersionIsWholeWhenAllItsPartsAre() {
    beginVersion(5, WHOLE);
    send(QUEUE, 5, WHOLE, QUEUE_BYTES, 0, QUEUE_BYTES);
    send(Parts.PARAMETERS, 5, WHOLE, PARAMETER_BYTES, HandPlane.CHUNK, PARAMETER_BYTES);
    assertEquals(List.of(), versions);
    send(Parts.MOMENTUM_ENCODER, 5, WHOLE, PARAMETER_BYTES, 0, PARAMETER_BYTES);
    StagedVersion staged = expectOne(5, true);
    expectFilled(staged.momentumEncoder(), PARAMETER_BYTES, 5);
    assertEquals(2, staged.first().position(0));
    assertEquals(0, counters.snapshot().duplicate());
  }

  @Test
  void aWholeVersionReplacesAPartialOne() {
    beginVersion(6, CHANGE);
    version(6, WHOLE);
    expectOne(6, true);
    endVersion(6, CHANGE);
    assertEquals(List.of(), versions, "what was replaced is lost");
  }

  @Test
  void aChangeDoesNotReplaceTheWholeThatIsOnItsWay() {
    beginVersion(6, WHOLE);
    version(6, CHANGE);
    endVersion(6, WHOLE);
    expectOne(6, true);
  }

  @Test
  void changesThatCameBeforeTheWholeStateLeaveItRoom() {
    version(6, CHANGE);
    beginVersion(7, CHANGE);
    version(5, WHOLE);
    assertEquals(List.of(5L, 6L), versions.stream().map(StagedVersion::version).toList());
  }

  /** By broadcast and to the worker's own address, as long as the shard does not know better. */
  @Test
  void aChangeMayComeFromTwoSides() {
    version(5, WHOLE);
    inbox.recycle(fence(TERM), expectOne(5, true));
    beginVersion(6, CHANGE);
    beginVersion(6, CHANGE);
    endVersion(6, CHANGE);
    endVersion(6, CHANGE);
    expectOne(6, false);
  }

  @Test
  void aLaterVersionLeavesAPartialOneBehind() {
    beginVersion(6, WHOLE);
    version(7, WHOLE);
    expectOne(7, true);
    endVersion(6, WHOLE);
    assertEquals(List.of(), versions);
  }

  @Test
  void aChangeIsOfUseOnlyAfterTheVersionBefore() {
    version(5, WHOLE);
    inbox.recycle(fence(TERM), expectOne(5, true));
    version(7, CHANGE);
    assertEquals(List.of(), versions);
    version(7, WHOLE);
    expectOne(7, true);
    version(8, CHANGE);
    expectOne(8, false);
  }

  @Test
  void whatFollowsALostBeginningIsNotMixedIntoAnotherVersion() {
    beginVersion(6, WHOLE);
    endVersion(7, WHOLE);
    assertEquals(List.of(), versions);
    endVersion(6, CHANGE);
    assertEquals(List.of(), versions);
    endVersion(6, WHOLE);
    expectOne(6, true);
  }

  @Test
  void withoutRoomAVersionIsNotTaken() {
    version(5, WHOLE);
    version(6, CHANGE);
    StagedVersion first = versions.getFirst();
    assertEquals(2, versions.size());
    version(7, CHANGE);
    assertEquals(2, versions.size());
    expectFilled(first.parameters(), PARAMETER_BYTES, 5);
    versions.clear();
    inbox.recycle(fence(TERM - 1), first);
    version(7, CHANGE);
    assertEquals(List.of(), versions, "the room belongs to another term");
    inbox.recycle(fence(TERM), first);
    version(7, CHANGE);
    assertSame(first, expectOne(7, false));
  }

  @Test
  void whatIsOfAnotherTermIsStale() {
    inbox.begin(fence(TERM + 1), List.of(staged(TERM + 1)));
    version(5, CHANGE);
    assertEquals(List.of(), versions);
    assertEquals(4, counters.snapshot().stale());
  }

  @Test
  void whatIsOfAnotherRunIsForeign() {
    inbox.begin(new Fence(8, TERM), List.of(staged(TERM)));
    version(5, CHANGE);
    assertEquals(List.of(), versions);
    assertEquals(4, counters.snapshot().foreign());
  }

  @Test
  void whatIsNoPartOfTheStateIsNotTaken() {
    beginVersion(5, WHOLE);
    for (int part :
        new int[] {Parts.companion(1), Parts.companion(2), -1, Parts.ofSlice(1, QUEUE)}) {
      send(part, 5, WHOLE, ROW_BYTES, 0, ROW_BYTES);
    }
    assertEquals(4, counters.snapshot().duplicate());
    endVersion(5, WHOLE);
    expectOne(5, true);
  }

  private static ViewSlot slot(int index) {
    ViewSlot slot = new ViewSlot(1, Views.PAIR.parts(2));
    slot.expect(new Lease(new MicroBatchId(3, index), 0), new SampleDraw[] {new SampleDraw(0, 9)});
    return slot;
  }

  private void views(int index) {
    HandPlane.deliver(
        inbox,
        new ChunkId.Views(fence(TERM), 3, index, 0, 0, 9),
        new Provenance(1, 0, 9),
        filled(24, 1),
        0,
        24);
  }

  @Test
  void viewsGoToTheirMicroBatch() {
    ViewSlot first = slot(0);
    ViewSlot second = slot(1);
    inbox.expect(first);
    inbox.expect(second);
    views(1);
    assertEquals(List.of(second), slots);
    assertFalse(first.complete());
    views(1);
    assertEquals(1, counters.snapshot().duplicate());
    views(0);
    assertEquals(List.of(second, first), slots);
  }

  @Test
  void nothingIsWrittenIntoASlotThatIsForgotten() {
    ViewSlot slot = slot(0);
    inbox.expect(slot);
    inbox.forget(slot);
    views(0);
    assertTrue(slot.lacks(0));
    assertEquals(List.of(), slots);
  }

  @Test
  void aNewTermForgetsSlots() {
    ViewSlot slot = slot(0);
    inbox.expect(slot);
    inbox.begin(fence(TERM), List.of());
    views(0);
    assertTrue(slot.lacks(0));
  }
}
