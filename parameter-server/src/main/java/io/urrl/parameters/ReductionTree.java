package io.urrl.parameters;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Sums the gradients of a step's M micro-batches in a fixed binary tree over their index, so that
 * the sum's bits depend neither on the order of arrival nor on who computed what.
 *
 * <pre>
 *   sum(first, 1)    = gradient of micro-batch first
 *   sum(first, 2^n)  = sum(first, 2^(n-1)) + sum(first + 2^(n-1), 2^(n-1))
 * </pre>
 *
 * <p>where a right half that begins at M or later is absent and adds nothing. A node is merged into
 * its left sibling as soon as both are there, so that at most one buffer for each pair stays in
 * use. Pure state machine, one thread at a time. Buffers come from a {@link SegmentPool}, which
 * trees of successive steps may share; a gradient that is still arriving lies in the buffer that
 * {@link #acquire} gave for it.
 */
public final class ReductionTree {
  private final int microBatches;
  private final SegmentPool pool;

  /** Buffer of the node whose first micro-batch this is, or null. */
  private final MemorySegment[] buffers;

  /** Micro-batches summed in that node; 0 while its gradient is still arriving. */
  private final int[] summed;

  private final BitSet done = new BitSet();

  /**
   * A tree with a pool of its own.
   *
   * @param microBatches M, at least 1
   * @param floats length of the slice
   */
  public ReductionTree(int microBatches, long floats) {
    this(microBatches, new SegmentPool(floats));
  }

  /** A tree that takes its buffers from {@code pool}. */
  public ReductionTree(int microBatches, SegmentPool pool) {
    if (microBatches < 1) {
      throw new IllegalArgumentException(microBatches + " micro-batches: at least 1 is needed");
    }
    this.microBatches = microBatches;
    this.pool = pool;
    buffers = new MemorySegment[microBatches];
    summed = new int[microBatches];
  }

  /**
   * The buffer into which the gradient of micro-batch {@code index} is to be written, or the
   * pre-summed one of an aligned subtree that begins there. The same one until it is complete.
   *
   * @throws IllegalStateException when that micro-batch has been summed already
   */
  public MemorySegment acquire(int index) {
    checkMissing(index, 1);
    if (buffers[index] == null) {
      buffers[index] = pool.acquire();
    }
    return buffers[index];
  }

  /**
   * Takes over a buffer in which the gradient of micro-batch {@code index} lies whole, in place of
   * {@link #acquire} and {@link #complete(int)}.
   *
   * @param gradient of the pool's length; belongs to the pool from now on
   * @throws IllegalStateException when that micro-batch has been summed already
   */
  public void adopt(int index, MemorySegment gradient) {
    if (gradient.byteSize() != pool.bufferBytes()) {
      throw new IllegalArgumentException(
          gradient.byteSize() + " bytes are no gradient of " + pool.bufferBytes() + " bytes");
    }
    checkMissing(index, 1);
    abandon(index);
    buffers[index] = gradient;
    complete(index);
  }

  /** Gives back the buffer of a gradient that will not arrive; nothing to do when it has none. */
  public void abandon(int index) {
    if (buffers[index] != null && summed[index] == 0) {
      pool.release(buffers[index]);
      buffers[index] = null;
    }
  }

  /** Says that the gradient of micro-batch {@code index} lies whole in its buffer. */
  public void complete(int index) {
    complete(index, 1);
  }

  /**
   * Says that the buffer of {@code first} holds the tree's sum over {@code count} micro-batches
   * from {@code first} on.
   *
   * @throws IllegalArgumentException when that is not one node of the tree
   * @throws IllegalStateException when one of them has been summed already or the buffer was never
   *     acquired
   */
  public void complete(int first, int count) {
    if (!isNode(first, count)) {
      throw new IllegalArgumentException(
          "micro-batches "
              + first
              + " to "
              + (first + count - 1)
              + " of "
              + microBatches
              + " are no subtree");
    }
    checkMissing(first, count);
    if (buffers[first] == null) {
      throw new IllegalStateException("micro-batch " + first + " has no buffer");
    }
    for (int index = first + 1; index < first + count; index++) {
      abandon(index);
    }
    summed[first] = count;
    done.set(first, first + count);
    merge(first, span(count));
  }

  /** Whether micro-batch {@code index} has been summed. */
  public boolean has(int index) {
    return done.get(index);
  }

  /** Micro-batches that have been summed. */
  public int completed() {
    return done.cardinality();
  }

  /** Whether {@link #root} is there. */
  public boolean rootReady() {
    return summed[0] == microBatches;
  }

  /**
   * The sum over all micro-batches, valid until {@link #reset}.
   *
   * @throws IllegalStateException when micro-batches are missing
   */
  public MemorySegment root() {
    if (!rootReady()) {
      throw new IllegalStateException(
          completed() + " of " + microBatches + " micro-batches are there");
    }
    return buffers[0];
  }

  /** Forgets everything and gives all buffers back, for the next step. */
  public void reset() {
    for (int index = 0; index < microBatches; index++) {
      if (buffers[index] != null) {
        pool.release(buffers[index]);
      }
    }
    Arrays.fill(buffers, null);
    Arrays.fill(summed, 0);
    done.clear();
  }

  /** Number of micro-batches, M. */
  public int microBatches() {
    return microBatches;
  }

  /** Where the buffers come from; its size says how many there are. */
  public SegmentPool pool() {
    return pool;
  }

  /** Whether {@code count} micro-batches from {@code first} on are exactly one node. */
  public boolean isNode(int first, int count) {
    if (first < 0 || count < 1 || count > microBatches - first) {
      return false;
    }
    int span = span(count);
    return first % span == 0 && count == Math.min(span, microBatches - first);
  }

  /** Walks up from the node over {@code span} places from {@code first} on, as far as it gets. */
  private void merge(int first, int span) {
    while (span < microBatches) {
      int left = first & -(2 * span);
      int right = left + span;
      if (right < microBatches) {
        if (!whole(left, span) || !whole(right, span)) {
          return;
        }
        SumKernel.add(buffers[left], buffers[right]);
        pool.release(buffers[right]);
        buffers[right] = null;
        summed[left] += summed[right];
        summed[right] = 0;
      }
      first = left;
      span *= 2;
    }
  }

  private boolean whole(int first, int span) {
    return summed[first] == Math.min(span, microBatches - first);
  }

  private void checkMissing(int first, int count) {
    int next = done.nextSetBit(first);
    if (next >= 0 && next < first + count) {
      throw new IllegalStateException("micro-batch " + next + " has been summed already");
    }
  }

  /** The smallest power of two from {@code count} on. */
  private static int span(int count) {
    return count == 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
  }
}
