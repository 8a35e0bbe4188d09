package io.urrl.gpu.worker;

import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.StreamCounters;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * What has come in for a GPU worker and is not whole yet. Every method runs on the node's receive
 * thread; whole micro-batches and versions leave through the two consumers.
 */
final class Inbox implements ChunkHandler {
  private final StreamCounters counters;
  private final Consumer<ViewSlot> viewsComplete;
  private final Consumer<StagedVersion> versionComplete;
  private final List<ViewSlot> slots = new ArrayList<>();
  private final Deque<StagedVersion> free = new ArrayDeque<>();
  private StagedVersion staging;
  private int term = -1;

  Inbox(
      StreamCounters counters,
      Consumer<ViewSlot> viewsComplete,
      Consumer<StagedVersion> versionComplete) {
    this.counters = counters;
    this.viewsComplete = viewsComplete;
    this.versionComplete = versionComplete;
  }

  /** Forgets everything of earlier terms and receives versions into these buffers. */
  void begin(int term, List<StagedVersion> buffers) {
    this.term = term;
    slots.clear();
    free.clear();
    free.addAll(buffers);
    staging = null;
  }

  void expect(ViewSlot slot) {
    slots.add(slot);
  }

  void forget(Lease lease) {
    slots.removeIf(slot -> slot.lease().equals(lease));
  }

  /** Takes back the buffer of a version that the worker has read. */
  void recycle(int term, StagedVersion buffer) {
    if (term == this.term) {
      free.add(buffer);
    }
  }

  @Override
  public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
    if (header.term() != term) {
      counters.stale();
      return;
    }
    MemorySegment bytes =
        MemorySegment.ofAddress(buffer.addressOffset() + payload).reinterpret(header.length());
    boolean wanted =
        switch (header.kind()) {
          case VIEWS -> onViews(header, bytes);
          case PARAMETERS, KEY_PARAMETERS, QUEUE -> onVersion(header, bytes);
          case GRADIENT, KEYS, STATISTICS, MOMENTUM -> false;
        };
    if (!wanted) {
      counters.duplicate();
    }
  }

  private boolean onViews(ChunkHeader header, MemorySegment bytes) {
    for (int i = 0; i < slots.size(); i++) {
      ViewSlot slot = slots.get(i);
      if (slot.lease().id().step() == header.step()
          && slot.lease().id().index() == header.index()) {
        SampleDraw draw = new SampleDraw(header.epoch(), header.sample());
        boolean wanted =
            slot.accept(
                draw, header.place(), header.digest(), header.detail(), header.offset(), bytes);
        if (wanted && slot.complete()) {
          slots.remove(i);
          viewsComplete.accept(slot);
        }
        return wanted;
      }
    }
    return false;
  }

  private boolean onVersion(ChunkHeader header, MemorySegment bytes) {
    boolean whole = header.index() == 1;
    if (header.offset() == 0 && (staging == null || staging.version() != header.step())) {
      StagedVersion fresh = staging != null ? staging : free.poll();
      if (fresh == null) {
        return false;
      }
      fresh.begin(header.step(), whole);
      staging = fresh;
    }
    if (staging == null || staging.version() != header.step() || staging.whole() != whole) {
      return false;
    }
    boolean wanted =
        switch (header.kind()) {
          case PARAMETERS ->
              staging.acceptQuery(header.digest(), header.basis(), header.offset(), bytes);
          case KEY_PARAMETERS -> staging.acceptKey(header.offset(), bytes);
          default ->
              staging.acceptRows(
                  header.digest(), header.offset(), header.total(), header.place(), bytes);
        };
    if (wanted && staging.complete()) {
      StagedVersion done = staging;
      staging = null;
      versionComplete.accept(done);
    }
    return wanted;
  }
}
