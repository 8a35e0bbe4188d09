package io.urrl.gpu.pretext;

import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.MemorySegment;
import org.agrona.MutableDirectBuffer;

/**
 * What one micro-batch gave. Its memory belongs to the replica and is valid until the replica's
 * next micro-batch.
 */
public final class MicroBatchResult {
  private final double loss;
  private final double accuracy1;
  private final String nonFinite;
  private final MemorySegment keys;
  private final MemorySegment statistics;
  private final TensorLayout layout;
  private final MemorySegment[] gradients;
  private final long gradientDigest;

  /**
   * @param layout names and places of the gradients
   * @param gradients in the layout's order
   * @param gradientDigest of all of them as one flat tensor
   */
  public MicroBatchResult(
      double loss,
      double accuracy1,
      String nonFinite,
      MemorySegment keys,
      MemorySegment statistics,
      TensorLayout layout,
      MemorySegment[] gradients,
      long gradientDigest) {
    this.loss = loss;
    this.accuracy1 = accuracy1;
    this.nonFinite = nonFinite;
    this.keys = keys;
    this.statistics = statistics;
    this.layout = layout;
    this.gradients = gradients;
    this.gradientDigest = gradientDigest;
  }

  /** Mean contrastive loss. */
  public double loss() {
    return loss;
  }

  /** Fraction of the samples whose positive ranks first. */
  public double accuracy1() {
    return accuracy1;
  }

  /** What holds NaN or infinity: the loss, or the first such gradient by its name; else empty. */
  public String nonFinite() {
    return nonFinite;
  }

  /** Whether loss and gradient hold neither NaN nor infinity. */
  public boolean finite() {
    return nonFinite.isEmpty();
  }

  /** Unit keys in the order of the samples: float32 [b, dim]. */
  public MemorySegment keys() {
    return keys;
  }

  /**
   * Mean and unbiased variance of every pass at every batch norm: float32 [2, g, buffers], the
   * query encoder's passes first.
   */
  public MemorySegment statistics() {
    return statistics;
  }

  /** Gradient tensors in the layout's order. */
  public MemorySegment[] gradients() {
    return gradients.clone();
  }

  /** {@link io.urrl.actors.tensor.TensorDigest} of the flat gradient when it was computed. */
  public long gradientDigest() {
    return gradientDigest;
  }

  /**
   * Copies bytes {@code offset} to {@code offset + length} of the flat gradient.
   *
   * @param at where in {@code target} they go
   */
  public void copyGradient(long offset, MutableDirectBuffer target, int at, int length) {
    MemorySegment to = MemorySegment.ofAddress(target.addressOffset() + at).reinterpret(length);
    int tensor = indexAt(offset / Float.BYTES);
    long done = 0;
    while (done < length) {
      long within = offset + done - layout.entries().get(tensor).offset() * Float.BYTES;
      long piece = Math.min(length - done, gradients[tensor].byteSize() - within);
      MemorySegment.copy(gradients[tensor], within, to, done, piece);
      done += piece;
      tensor++;
    }
  }

  /** Index of the tensor that holds the float at {@code place} of the flat gradient. */
  private int indexAt(long place) {
    int low = 0;
    int high = gradients.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (layout.entries().get(middle).offset() <= place) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
