package io.urrl.parameters;

import io.urrl.actors.random.Philox;
import io.urrl.actors.random.RandomStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * MoCo's queue of keys that serve as negatives: a ring of K rows of {@code dim} float32 values, off
 * the heap, one key a row. Not thread-safe.
 */
public final class NegativeQueue {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final int capacity;
  private final int dim;
  private final MemorySegment rows;
  private int pointer;

  /**
   * A queue of zeros.
   *
   * @param capacity K, at least 1; need not be a multiple of the batch
   * @param dim width of a key, at least 1
   * @param arena owner of the memory
   */
  public NegativeQueue(int capacity, int dim, Arena arena) {
    if (capacity < 1 || dim < 1) {
      throw new IllegalArgumentException("a queue of " + capacity + " keys of width " + dim);
    }
    this.capacity = capacity;
    this.dim = dim;
    rows = arena.allocate((long) capacity * dim * Float.BYTES, 64);
  }

  /**
   * Fills every row with a direction drawn uniformly from the unit sphere (a normalised Gaussian
   * vector, as MoCo does) and sets the pointer to 0. The same bits on every machine.
   */
  public void initialise(long seed) {
    Philox random = new Philox(seed);
    double[] row = new double[dim];
    for (int index = 0; index < capacity; index++) {
      RandomStream.initialQueue(random, index);
      double squares = 0;
      for (int i = 0; i < dim; i++) {
        row[i] = gaussian(random);
        squares += row[i] * row[i];
      }
      double length = Math.max(Math.sqrt(squares), 1e-12);
      long at = (long) index * dim * Float.BYTES;
      for (int i = 0; i < dim; i++) {
        rows.set(FLOAT, at + (long) i * Float.BYTES, (float) (row[i] / length));
      }
    }
    pointer = 0;
  }

  /**
   * Replaces the rows from the pointer on, in order, around the end, and moves the pointer behind
   * them. Of more than K keys the last K stay.
   *
   * @param keys [count, dim] float32 in native order
   * @param count number of keys, 0 or more
   */
  public void enqueue(MemorySegment keys, int count) {
    long rowBytes = (long) dim * Float.BYTES;
    if (count < 0 || keys.byteSize() != count * rowBytes) {
      throw new IllegalArgumentException(
          keys.byteSize() + " bytes are not " + count + " keys of width " + dim);
    }
    int skipped = Math.max(0, count - capacity);
    int target = (int) (((long) pointer + skipped) % capacity);
    int source = skipped;
    while (source < count) {
      int length = Math.min(count - source, capacity - target);
      MemorySegment.copy(
          keys, source * rowBytes, rows, target * rowBytes, Math.multiplyExact(length, rowBytes));
      source += length;
      target = (target + length) % capacity;
    }
    pointer = target;
  }

  /** The row that the next key replaces. */
  public int pointer() {
    return pointer;
  }

  /**
   * Sets the pointer, when a queue is restored.
   *
   * @param pointer 0..K-1
   */
  public void pointer(int pointer) {
    if (pointer < 0 || pointer >= capacity) {
      throw new IllegalArgumentException("pointer " + pointer + " in a queue of " + capacity);
    }
    this.pointer = pointer;
  }

  /** [K, dim] float32 in native order; the queue's own memory. */
  public MemorySegment rows() {
    return rows;
  }

  /** K. */
  public int capacity() {
    return capacity;
  }

  /** Width of a key. */
  public int dim() {
    return dim;
  }

  /** Takes over rows and pointer of a queue of the same size. */
  public void copyFrom(NegativeQueue other) {
    if (other.capacity != capacity || other.dim != dim) {
      throw new IllegalArgumentException(
          "a queue of %d keys of width %d cannot take over one of %d of width %d"
              .formatted(capacity, dim, other.capacity, other.dim));
    }
    rows.copyFrom(other.rows);
    pointer = other.pointer;
  }

  /** Box and Muller's transform; StrictMath gives the same bits on every machine. */
  private static double gaussian(Philox random) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }
}
