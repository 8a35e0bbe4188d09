package io.urrl.actors.objective;

import java.lang.foreign.MemorySegment;

/**
 * A ring of rows in memory that belongs to another: what the parameter server's queue and its
 * replicas have in common, so that the same rows land in the same places. Not thread-safe.
 */
public final class RowRing {
  private final MemorySegment rows;
  private final long rowBytes;
  private final int capacity;
  private int pointer;

  /**
   * @param rows [capacity, width] float32
   * @param width floats of a row
   */
  public RowRing(MemorySegment rows, int width) {
    this.rows = rows;
    rowBytes = (long) width * Float.BYTES;
    capacity = Math.toIntExact(rows.byteSize() / rowBytes);
  }

  /**
   * Replaces the rows from the pointer on, in order, around the end, and moves the pointer behind
   * them. Of more rows than there is room for the last ones stay.
   *
   * @param added [count, width] float32
   */
  public void add(MemorySegment added) {
    if (added.byteSize() % rowBytes != 0) {
      throw new IllegalArgumentException(
          added.byteSize() + " bytes are no rows of " + rowBytes + " bytes");
    }
    long count = added.byteSize() / rowBytes;
    long skipped = Math.max(0, count - capacity);
    int target = (int) ((pointer + skipped) % capacity);
    long source = skipped;
    while (source < count) {
      int length = (int) Math.min(count - source, capacity - target);
      MemorySegment.copy(
          added, source * rowBytes, rows, target * rowBytes, Math.multiplyExact(length, rowBytes));
      source += length;
      target = (target + length) % capacity;
    }
    pointer = target;
  }

  /** The row that the next one replaces. */
  public int pointer() {
    return pointer;
  }

  /**
   * Sets the pointer, when rows are restored.
   *
   * @param pointer 0..capacity-1
   */
  public void pointer(int pointer) {
    if (pointer < 0 || pointer >= capacity) {
      throw new IllegalArgumentException("pointer " + pointer + " in a ring of " + capacity);
    }
    this.pointer = pointer;
  }
}
