package io.urrl.gpu.worker;

import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.ChunkKind;
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

  /** Nothing more is written into a slot. */
  void forget(ViewSlot slot) {
    slots.remove(slot);
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
          case GRADIENT, KEYS, STATISTICS, MOMENTUM, REPORT -> false;
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
        boolean wanted = slot.accept(header, bytes);
        if (wanted && slot.complete()) {
          slots.remove(i);
          viewsComplete.accept(slot);
        }
        return wanted;
      }
    }
    return false;
  }

  /** The first bytes of the parameters begin a version; what was staged and not whole is lost. */
  private boolean onVersion(ChunkHeader header, MemorySegment bytes) {
    boolean whole = header.index() == 1;
    if (header.kind() == ChunkKind.PARAMETERS && header.offset() == 0) {
      StagedVersion fresh = staging != null ? staging : free.poll();
      if (fresh == null) {
        return false;
      }
      fresh.begin(header.step(), whole);
      staging = fresh;
    }
    boolean ours =
        staging != null && staging.version() == header.step() && staging.whole() == whole;
    if (!ours || !staging.accept(header, bytes)) {
      return false;
    }
    if (staging.complete()) {
      StagedVersion done = staging;
      staging = null;
      versionComplete.accept(done);
    }
    return true;
  }
}
