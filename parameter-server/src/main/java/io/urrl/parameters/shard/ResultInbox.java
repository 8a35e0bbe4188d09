package io.urrl.parameters.shard;

import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamCounters;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/**
 * Results that have not come in whole yet. Every method runs on the node's receive thread; whole
 * ones leave through the consumer. Two attempts at one micro-batch may come in side by side; a
 * third one takes the place of the earliest.
 */
final class ResultInbox implements ChunkHandler {
  private static final int MOST_ATTEMPTS = 2;

  private final StreamCounters counters;
  private final BiConsumer<Integer, ResultParts> complete;
  private final List<ResultParts> open = new ArrayList<>();
  private final Deque<ResultParts> free = new ArrayDeque<>();
  private Supplier<ResultParts> room;
  private int microBatches;
  private int window;
  private Fence fence = Fence.NONE;
  private long version;

  ResultInbox(StreamCounters counters, BiConsumer<Integer, ResultParts> complete) {
    this.counters = counters;
    this.complete = complete;
  }

  /**
   * Forgets everything of earlier terms.
   *
   * @param window steps from the version on whose results may come
   */
  void begin(Fence fence, long version, int microBatches, int window, Supplier<ResultParts> room) {
    this.fence = fence;
    this.version = version;
    this.microBatches = microBatches;
    this.window = window;
    this.room = room;
    open.clear();
    free.clear();
  }

  /** Results of steps before {@code version} are of no use any more. */
  void applied(Fence from, long version) {
    if (from.equals(fence)) {
      this.version = version;
      open.removeIf(parts -> parts.step() < version && free.add(parts));
    }
  }

  /** Takes back room that the shard has read. */
  void recycle(Fence from, ResultParts parts) {
    if (from.equals(fence)) {
      free.add(parts);
    }
  }

  @Override
  public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
    if (!fence.admits(header, counters)) {
      return;
    }
    ChunkHeader.ResultId id = header.result();
    boolean current =
        header.kind() == ChunkKind.RESULT
            && id.step() >= version
            && id.step() < version + window
            && id.index() < microBatches;
    if (!current) {
      counters.stale();
      return;
    }
    ResultParts parts = partsOf(id.step(), id.index(), id.attempt());
    MemorySegment bytes =
        MemorySegment.ofAddress(buffer.addressOffset() + payload).reinterpret(header.length());
    if (!parts.accept(header, bytes)) {
      counters.duplicate();
    } else if (parts.complete()) {
      open.remove(parts);
      complete.accept(fence.term(), parts);
    }
  }

  private ResultParts partsOf(long step, int index, int attempt) {
    ResultParts earliest = null;
    int attempts = 0;
    for (ResultParts parts : open) {
      if (parts.isFor(step, index)) {
        if (parts.attempt() == attempt) {
          return parts;
        }
        attempts++;
        earliest = earliest == null || parts.attempt() < earliest.attempt() ? parts : earliest;
      }
    }
    ResultParts parts = earliest;
    if (attempts < MOST_ATTEMPTS) {
      parts = free.isEmpty() ? room.get() : free.poll();
      open.add(parts);
    }
    parts.begin(step, index, attempt);
    return parts;
  }
}
