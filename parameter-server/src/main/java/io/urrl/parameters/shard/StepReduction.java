package io.urrl.parameters.shard;

import io.urrl.parameters.ReductionTree;
import io.urrl.parameters.SegmentPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The micro-batches of one step as they come in. The first whole gradient of a micro-batch counts,
 * whichever attempt it is; later ones are repeats. Gradients are summed over a fixed binary tree of
 * micro-batch indices, so that the sum's bits do not depend on who computed what, or when.
 */
final class StepReduction {
  private final GradientParts[] parts;
  private final ReductionTree tree;

  StepReduction(int microBatches, SegmentPool pool) {
    parts = new GradientParts[microBatches];
    tree = new ReductionTree(microBatches, pool);
  }

  /**
   * Takes a micro-batch.
   *
   * @return whether it was wanted
   */
  boolean add(GradientParts part) {
    if (parts[part.index()] != null) {
      return false;
    }
    parts[part.index()] = part;
    tree.adopt(part.index(), part.exchangeGradient(tree.pool().acquire()));
    return true;
  }

  boolean complete() {
    return tree.rootReady();
  }

  /** Micro-batches that are not there. */
  int[] missing() {
    return IntStream.range(0, parts.length).filter(index -> parts[index] == null).toArray();
  }

  /** The micro-batches that are there, in order. */
  List<GradientParts> parts() {
    return Arrays.stream(parts).filter(Objects::nonNull).toList();
  }

  /** Sum of all gradients, until {@link #close}. */
  MemorySegment sum() {
    return tree.root();
  }

  /** Gives the gradients' memory back. */
  void close() {
    tree.reset();
  }
}
