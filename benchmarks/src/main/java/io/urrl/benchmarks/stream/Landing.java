package io.urrl.benchmarks.stream;

import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.stream.TensorAssembly;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;

/** Copies tensors into their place, one after the other, as a worker takes a version. */
final class Landing implements ChunkHandler {
  private final TensorAssembly assembly;
  private final LongConsumer whole;

  /**
   * @param bytes of a tensor
   * @param whole hears of the version that is whole, on the receive thread
   */
  Landing(long bytes, LongConsumer whole) {
    assembly = TensorAssembly.filling(Arena.ofAuto().allocate(bytes, Transfers.ALIGNMENT));
    this.whole = whole;
  }

  @Override
  public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
    if (header.kind() != ChunkKind.STATE) {
      return;
    }
    if (header.offset() == 0) {
      assembly.begin();
    }
    MemorySegment bytes =
        MemorySegment.ofAddress(buffer.addressOffset() + payload).reinterpret(header.length());
    if (assembly.accept(header, bytes) && assembly.isComplete()) {
      whole.accept(header.state().version());
    }
  }
}
