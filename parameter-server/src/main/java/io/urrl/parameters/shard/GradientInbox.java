package io.urrl.parameters.shard;

import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.StreamCounters;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/**
 * Gradients that have not come in whole yet. Every method runs on the node's receive thread; whole
 * ones leave through the consumer. Of two attempts at one micro-batch only the later one is taken.
 */
final class GradientInbox implements ChunkHandler {
  private final StreamCounters counters;
  private final BiConsumer<Integer, GradientParts> complete;
  private final List<GradientParts> open = new ArrayList<>();
  private final Deque<GradientParts> free = new ArrayDeque<>();
  private final Map<Long, Integer> begun = new HashMap<>();
  private Supplier<GradientParts> room;
  private int microBatches;
  private int term = -1;
  private long version;

  GradientInbox(StreamCounters counters, BiConsumer<Integer, GradientParts> complete) {
    this.counters = counters;
    this.complete = complete;
  }

  /** Forgets everything of earlier terms. */
  void begin(int term, long version, int microBatches, Supplier<GradientParts> room) {
    this.term = term;
    this.version = version;
    this.microBatches = microBatches;
    this.room = room;
    open.clear();
    free.clear();
    begun.clear();
  }

  /** Gradients of steps before {@code version} are of no use any more. */
  void applied(long version) {
    this.version = version;
    begun.keySet().removeIf(place -> place < version * microBatches);
    open.removeIf(parts -> parts.step() < version && free.add(parts));
  }

  /** Takes back room that the shard has read. */
  void recycle(int term, GradientParts parts) {
    if (term == this.term) {
      free.add(parts);
    }
  }

  @Override
  public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
    if (header.term() != term || header.step() < version) {
      counters.stale();
      return;
    }
    GradientParts parts = partsOf(header.step(), header.index(), header.place());
    MemorySegment bytes =
        MemorySegment.ofAddress(buffer.addressOffset() + payload).reinterpret(header.length());
    boolean wanted =
        parts != null
            && parts.accept(
                header.kind(),
                header.digest(),
                header.basis(),
                header.detail(),
                header.offset(),
                bytes);
    if (!wanted) {
      counters.duplicate();
    } else if (parts.complete()) {
      open.remove(parts);
      complete.accept(term, parts);
    }
  }

  private GradientParts partsOf(long step, int index, int attempt) {
    for (GradientParts parts : open) {
      if (parts.isFor(step, index) && parts.attempt() == attempt) {
        return parts;
      }
    }
    long place = place(step, index);
    if (attempt <= begun.getOrDefault(place, -1)) {
      return null;
    }
    begun.put(place, attempt);
    open.removeIf(parts -> parts.isFor(step, index) && free.add(parts));
    GradientParts parts = free.isEmpty() ? room.get() : free.poll();
    parts.begin(step, index, attempt);
    open.add(parts);
    return parts;
  }

  private long place(long step, int index) {
    return step * microBatches + index;
  }
}
