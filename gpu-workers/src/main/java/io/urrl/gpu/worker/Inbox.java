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
import java.util.TreeMap;
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

  /** What is coming in, by version. */
  private final TreeMap<Long, StagedVersion> staging = new TreeMap<>();

  /** The newest version that the worker has got, -1 for none. */
  private long handedOver = -1;

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
    staging.clear();
    handedOver = -1;
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

  /**
   * The first bytes of a slice's parameters begin its part of a version. Slices of several versions
   * may come in side by side; where there is no room for a later one, the earliest that is not
   * complete is given up, and asked for again. A whole state takes the room of a later version's
   * changes, too, which are of no use without it.
   */
  private boolean onVersion(ChunkHeader header, MemorySegment bytes) {
    ChunkHeader.StateId id = header.state();
    if (id.version() <= handedOver) {
      return false;
    }
    StagedVersion staged = staging.get(id.version());
    if (staged == null) {
      boolean begins = Parts.partOf(id.part()) == Parts.PARAMETERS && header.offset() == 0;
      staged = begins ? room(id.version(), id.whole()) : null;
    }
    if (staged == null || !staged.accept(header, bytes)) {
      return false;
    }
    if (staged.complete()) {
      handOver();
    }
    return true;
  }

  /** Empty room for a version; null where there is none. */
  private StagedVersion room(long version, boolean whole) {
    StagedVersion fresh = free.poll();
    if (fresh == null && !staging.isEmpty()) {
      if (staging.firstKey() < version) {
        fresh = staging.pollFirstEntry().getValue();
      } else if (whole && staging.lastEntry().getValue().isChange()) {
        fresh = staging.pollLastEntry().getValue();
      }
    }
    if (fresh != null) {
      fresh.begin(version);
      staging.put(version, fresh);
    }
    return fresh;
  }

  /** Of those that are complete the worker gets what it can take over; earlier ones are history. */
  private void handOver() {
    for (StagedVersion staged : List.copyOf(staging.values())) {
      if (staged.complete() && staged.follows(handedOver)) {
        handedOver = staged.version();
        staging.remove(handedOver);
        versionComplete.accept(staged);
      }
    }
    free.addAll(staging.headMap(handedOver).values());
    staging.headMap(handedOver).clear();
  }
}
