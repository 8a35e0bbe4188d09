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
 * trees of successive steps may share.
 */
public final class ReductionTree {
  private final int microBatches;
  private final SegmentPool pool;

  /** Buffer of the node whose first micro-batch this is, or null. */
  private final MemorySegment[] buffers;

  /** Micro-batches summed in that node. */
  private final int[] summed;

  private final BitSet done = new BitSet();

  /**
   * An empty tree.
   *
   * @param microBatches M, at least 1
   * @param pool of buffers of the gradient's length; takes back those that were merged
   */
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
   * Takes over a buffer in which the gradient of micro-batch {@code index} lies whole, and sums as
   * far as that makes possible.
   *
   * @param gradient of the pool's length; belongs to the pool from now on
   * @throws IllegalStateException when that micro-batch has been summed already
   */
  public void adopt(int index, MemorySegment gradient) {
    if (gradient.byteSize() != pool.bufferBytes()) {
      throw new IllegalArgumentException(
          gradient.byteSize() + " bytes are no gradient of " + pool.bufferBytes() + " bytes");
    }
    if (done.get(index)) {
      throw new IllegalStateException("micro-batch " + index + " has been summed already");
    }
    buffers[index] = gradient;
    summed[index] = 1;
    done.set(index);
    merge(index);
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
          done.cardinality() + " of " + microBatches + " micro-batches are there");
    }
    return buffers[0];
  }

  /** Forgets everything and gives all buffers back, for the next step. */
  public void reset() {
    for (MemorySegment buffer : buffers) {
      if (buffer != null) {
        pool.release(buffer);
      }
    }
    Arrays.fill(buffers, null);
    Arrays.fill(summed, 0);
    done.clear();
  }

  /** Where the buffers come from. */
  public SegmentPool pool() {
    return pool;
  }

  /** Walks up from the leaf of a micro-batch, as far as it gets. */
  private void merge(int index) {
    int first = index;
    for (int span = 1; span < microBatches; span *= 2) {
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
    }
  }

  private boolean whole(int first, int span) {
    return summed[first] == Math.min(span, microBatches - first);
  }
}
