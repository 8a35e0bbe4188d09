package io.urrl.gpu.worker;

import io.urrl.actors.objective.Parts;
import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.Fence;
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
  private Fence fence = Fence.NONE;

  Inbox(
      StreamCounters counters,
      Consumer<ViewSlot> viewsComplete,
      Consumer<StagedVersion> versionComplete) {
    this.counters = counters;
    this.viewsComplete = viewsComplete;
    this.versionComplete = versionComplete;
  }

  /** Forgets everything of earlier terms and receives versions into these buffers. */
  void begin(Fence fence, List<StagedVersion> buffers) {
    this.fence = fence;
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
  void recycle(Fence from, StagedVersion buffer) {
    if (from.equals(fence)) {
      free.add(buffer);
    }
  }

  @Override
  public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
    if (!fence.admits(header, counters)) {
      return;
    }
    MemorySegment bytes =
        MemorySegment.ofAddress(buffer.addressOffset() + payload).reinterpret(header.length());
    boolean wanted =
        switch (header.kind()) {
          case VIEWS -> onViews(header, bytes);
          case STATE -> onVersion(header, bytes);
          case RESULT -> false;
        };
    if (!wanted) {
      counters.duplicate();
    }
  }

  private boolean onViews(ChunkHeader header, MemorySegment bytes) {
    for (int i = 0; i < slots.size(); i++) {
      ViewSlot slot = slots.get(i);
      if (slot.lease().id().step() == header.views().step()
          && slot.lease().id().index() == header.views().index()) {
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
    ChunkHeader.StateId id = header.state();
    if (id.part() == Parts.PARAMETERS && header.offset() == 0) {
      StagedVersion fresh = staging != null ? staging : free.poll();
      if (fresh == null) {
        return false;
      }
      fresh.begin(id.version(), id.whole());
      staging = fresh;
    }
    boolean ours =
        staging != null && staging.version() == id.version() && staging.whole() == id.whole();
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
