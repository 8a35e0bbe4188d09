package io.urrl.gpu.pretext;

import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * What one micro-batch gave. Its memory belongs to the replica and is valid until the replica's
 * next micro-batch.
 */
public final class MicroBatchResult {
  private final double loss;
  private final double accuracy1;
  private final String nonFinite;
  private final List<MemorySegment> contributions;
  private final TensorLayout layout;
  private final MemorySegment[] gradients;
  private final long gradientDigest;

  /**
   * @param contributions to the objective's companions, in their order
   * @param layout names and places of the gradients
   * @param gradients in the layout's order
   * @param gradientDigest of all of them as one flat tensor
   */
  public MicroBatchResult(
      double loss,
      double accuracy1,
      String nonFinite,
      List<MemorySegment> contributions,
      TensorLayout layout,
      MemorySegment[] gradients,
      long gradientDigest) {
    this.loss = loss;
    this.accuracy1 = accuracy1;
    this.nonFinite = nonFinite;
    this.contributions = List.copyOf(contributions);
    this.layout = layout;
    this.gradients = gradients;
    this.gradientDigest = gradientDigest;
  }

  /** Mean loss. */
  public double loss() {
    return loss;
  }

  /** Fraction of the samples that the objective counts as right. */
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

  /**
   * What the micro-batch adds to a companion, float32.
   *
   * @param index among the objective's companions
   */
  public MemorySegment contribution(int index) {
    return contributions.get(index);
  }

  /** To all companions, in their order. */
  public List<MemorySegment> contributions() {
    return contributions;
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
   * Digests of slices of the flat gradient, each as its slice was computed: where memory has
   * changed since, none of them is its slice's.
   *
   * @param slices all of the gradient, in order
   */
  public long[] gradientDigests(List<TensorLayout.Slice> slices) {
    if (slices.size() == 1) {
      return new long[] {gradientDigest};
    }
    TensorDigest whole = new TensorDigest();
    long[] digests = new long[slices.size()];
    for (int index = 0; index < digests.length; index++) {
      TensorDigest digest = new TensorDigest();
      addTo(digest, slices.get(index));
      digests[index] = digest.value();
      whole.append(digest);
    }
    long changed = whole.value() - gradientDigest;
    for (int index = 0; index < digests.length; index++) {
      digests[index] += changed;
    }
    return digests;
  }

  private void addTo(TensorDigest digest, TensorLayout.Slice slice) {
    long at = slice.from();
    for (int tensor = indexAt(at); at < slice.to(); tensor++) {
      TensorLayout.Entry entry = layout.entries().get(tensor);
      long end = Math.min(slice.to(), entry.offset() + entry.length());
      digest.add(
          gradients[tensor],
          (at - entry.offset()) * Float.BYTES,
          (end - entry.offset()) * Float.BYTES);
      at = end;
    }
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
