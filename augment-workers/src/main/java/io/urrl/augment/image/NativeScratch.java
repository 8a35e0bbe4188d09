package io.urrl.augment.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Native memory that is used again for the next picture and grows to the largest one. */
final class NativeScratch {
  private static final int ALIGNMENT = 64;

  private MemorySegment memory = MemorySegment.NULL;

  /** At least {@code bytes} bytes of undefined content. */
  MemorySegment ofSize(long bytes) {
    if (memory.byteSize() < bytes) {
      // Half as much again, so that pictures of rising size do not each take new memory.
      memory = Arena.ofAuto().allocate(bytes + bytes / 2, ALIGNMENT);
    }
    return memory;
  }

  /** A copy of the first {@code length} bytes. */
  MemorySegment copyOf(byte[] bytes, int length) {
    MemorySegment copy = ofSize(length);
    MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, length);
    return copy;
  }
}
