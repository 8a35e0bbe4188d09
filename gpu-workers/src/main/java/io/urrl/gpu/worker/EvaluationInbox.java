package io.urrl.gpu.worker;

import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamCounters;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.agrona.DirectBuffer;

/**
 * What has come in for an evaluation worker and is not whole yet: blocks of pictures. Every method
 * runs on the node's receive thread.
 */
final class EvaluationInbox implements ChunkHandler {
  private final StreamCounters counters;
  private final BiConsumer<Long, PictureBlock> blockComplete;
  private final List<PictureBlock> open = new ArrayList<>();
  private Fence fence = Fence.NONE;
  private long pass = -1;

  EvaluationInbox(StreamCounters counters, BiConsumer<Long, PictureBlock> blockComplete) {
    this.counters = counters;
    this.blockComplete = blockComplete;
  }

  /**
   * Forgets everything of earlier passes over a data set.
   *
   * @param fence of the job
   */
  void begin(Fence fence, long pass) {
    this.fence = fence;
    this.pass = pass;
    open.clear();
  }

  void expect(PictureBlock block) {
    open.add(block);
  }

  @Override
  public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
    if (!fence.admits(header, counters)) {
      return;
    }
    if (header.kind() != ChunkKind.VIEWS || header.views().step() != pass) {
      counters.stale();
      return;
    }
    MemorySegment bytes =
        MemorySegment.ofAddress(buffer.addressOffset() + payload).reinterpret(header.length());
    if (!onPicture(header, bytes)) {
      counters.duplicate();
    }
  }

  private boolean onPicture(ChunkHeader header, MemorySegment bytes) {
    for (int i = 0; i < open.size(); i++) {
      PictureBlock block = open.get(i);
      if (block.index() == header.views().index()) {
        boolean wanted = block.accept(header, bytes);
        if (wanted && block.complete()) {
          open.remove(i);
          blockComplete.accept(pass, block);
        }
        return wanted;
      }
    }
    return false;
  }
}
