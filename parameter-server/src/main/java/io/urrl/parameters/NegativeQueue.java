package io.urrl.parameters;

import io.urrl.actors.objective.RowRing;
import io.urrl.actors.random.Philox;
import io.urrl.actors.random.RandomStream;
import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * MoCo's queue of keys that serve as negatives: a ring of K rows of {@code dim} float32 values, off
 * the heap, one key a row. Not thread-safe.
 */
public final class NegativeQueue implements CompanionState {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private static final String POINTER = "_ptr";

  private final String name;
  private final int capacity;
  private final int dim;
  private final MemorySegment rows;
  private final RowRing ring;

  /**
   * A queue of zeros.
   *
   * @param name of its file and tensor in checkpoints
   * @param capacity K, at least 1; need not be a multiple of the batch
   * @param dim width of a key, at least 1
   * @param arena owner of the memory
   */
  public NegativeQueue(String name, int capacity, int dim, Arena arena) {
    if (capacity < 1 || dim < 1) {
      throw new IllegalArgumentException("a queue of " + capacity + " keys of width " + dim);
    }
    this.name = name;
    this.capacity = capacity;
    this.dim = dim;
    rows = arena.allocate((long) capacity * dim * Float.BYTES, 64);
    ring = new RowRing(rows, dim);
  }

  /**
   * Fills every row with a direction drawn uniformly from the unit sphere (a normalised Gaussian
   * vector, as MoCo does) and sets the pointer to 0. The same bits on every machine.
   */
  @Override
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
    ring.pointer(0);
  }

  /**
   * Enqueues keys in order. Of more than K the last K stay.
   *
   * @param keys [count, dim] float32 in native order
   */
  @Override
  public void add(MemorySegment keys) {
    ring.add(keys);
  }

  /**
   * Sets the pointer, when a queue is restored.
   *
   * @param pointer 0..K-1
   */
  public void pointer(int pointer) {
    ring.pointer(pointer);
  }

  /** The row that the next key replaces. */
  @Override
  public int position() {
    return ring.pointer();
  }

  /** [K, dim] float32 in native order; the queue's own memory. */
  @Override
  public MemorySegment values() {
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

  @Override
  public void copyFrom(CompanionState other) {
    NegativeQueue queue = (NegativeQueue) other;
    if (queue.capacity != capacity || queue.dim != dim) {
      throw new IllegalArgumentException(
          "a queue of %d keys of width %d cannot take over one of %d of width %d"
              .formatted(capacity, dim, queue.capacity, queue.dim));
    }
    rows.copyFrom(queue.rows);
    ring.pointer(queue.position());
  }

  @Override
  public String file() {
    return name;
  }

  /** MoCo's: [dim, K], turned, and the pointer. */
  @Override
  public Map<String, Tensor> tensors(Arena scratch) {
    MemorySegment turned = scratch.allocate(rows.byteSize(), 64);
    transpose(rows, turned, capacity, dim);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(name, Tensor.of(ElementType.F32, turned, dim, capacity));
    tensors.put(name + POINTER, Tensor.of(new long[] {position()}, 1));
    return tensors;
  }

  @Override
  public void restore(Map<String, Tensor> file) {
    transpose(file.get(name).data(), rows, dim, capacity);
    pointer(Math.toIntExact(file.get(name + POINTER).toLongs()[0]));
  }

  /** from [rows, columns] to [columns, rows], in blocks that stay in the cache. */
  private static void transpose(MemorySegment from, MemorySegment to, int rows, int columns) {
    int block = 32;
    for (int top = 0; top < rows; top += block) {
      for (int left = 0; left < columns; left += block) {
        for (int row = top; row < Math.min(rows, top + block); row++) {
          for (int column = left; column < Math.min(columns, left + block); column++) {
            float value = from.get(Tensor.FLOAT, ((long) row * columns + column) * Float.BYTES);
            to.set(Tensor.FLOAT, ((long) column * rows + row) * Float.BYTES, value);
          }
        }
      }
    }
  }

  /** Box and Muller's transform; StrictMath gives the same bits on every machine. */
  private static double gaussian(Philox random) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }
}
