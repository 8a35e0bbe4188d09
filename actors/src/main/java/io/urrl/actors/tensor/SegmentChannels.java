package io.urrl.actors.tensor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Moves memory segments of any size and kind through channels. */
final class SegmentChannels {
  private static final long BLOCK = 8 << 20;

  private SegmentChannels() {}

  static void write(WritableByteChannel channel, MemorySegment segment) throws IOException {
    for (long at = 0; at < segment.byteSize(); at += BLOCK) {
      MemorySegment block = segment.asSlice(at, Math.min(BLOCK, segment.byteSize() - at));
      write(channel, viewOrCopy(block));
    }
  }

  static void write(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Heap segments have a byte-buffer view only when a byte array lies under them. */
  private static ByteBuffer viewOrCopy(MemorySegment block) {
    if (block.isNative() || block.heapBase().orElse(null) instanceof byte[]) {
      return block.asByteBuffer();
    }
    byte[] copy = new byte[Math.toIntExact(block.byteSize())];
    MemorySegment.ofArray(copy).copyFrom(block);
    return ByteBuffer.wrap(copy);
  }
}
