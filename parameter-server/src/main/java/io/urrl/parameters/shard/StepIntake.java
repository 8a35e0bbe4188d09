package io.urrl.parameters.shard;

import io.urrl.actors.protocol.Result;
import io.urrl.parameters.ReductionTree;
import io.urrl.parameters.SegmentPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The micro-batches of one step as they come in, a shard's slice of each. The first whole finite
 * result of a micro-batch counts, whichever attempt it is; later ones are repeats. Gradients are
 * summed over a fixed binary tree of micro-batch indices, so that the sum's bits do not depend on
 * who computed what, or when.
 */
final class StepIntake {
  private final ResultParts[] parts;
  private final Result[] results;
  private final ReductionTree tree;

  StepIntake(int microBatches, SegmentPool pool) {
    parts = new ResultParts[microBatches];
    results = new Result[microBatches];
    tree = new ReductionTree(microBatches, pool);
  }

  /**
   * Takes what came of a micro-batch.
   *
   * @return whether its room is in use until {@link #close}
   */
  boolean add(ResultParts part) {
    int index = part.index();
    Result known = results[index];
    if (parts[index] != null || (known != null && known.attempt() >= part.attempt())) {
      return false;
    }
    results[index] = part.result();
    if (!part.result().finite()) {
      return false;
    }
    parts[index] = part;
    tree.adopt(index, part.exchangeGradient(tree.pool().acquire()));
    return true;
  }

  /** Whether all gradients are summed. */
  boolean complete() {
    return tree.rootReady();
  }

  /** What is here of the micro-batches. */
  List<Result> results() {
    return Arrays.stream(results).filter(Objects::nonNull).toList();
  }

  /** The micro-batches that came whole and finite, in order. */
  List<ResultParts> parts() {
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
