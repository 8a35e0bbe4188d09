package io.urrl.parameters;

import io.urrl.actors.simd.VectorWidth;
import io.urrl.actors.tensor.MomentumUpdate;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Stochastic gradient descent with weight decay and momentum, and the momentum update of the key
 * encoder, in one pass over memory.
 *
 * <p>For every float, rounded to float32 after each operation and without fused multiply-add:
 *
 * <pre>
 *   d = g * scale + weightDecay * p
 *   v = momentum * v + d          (v = 0 at the start, so the first step has v = d)
 *   p = p - rate * v
 *   k = keyMomentum * k + (1 - keyMomentum) * p
 * </pre>
 *
 * <p>This is PyTorch's {@code torch.optim.SGD} with dampening 0 and without Nesterov's variant. The
 * result has the same bits for every vector width and however the whole is cut into ranges.
 */
public final class SgdKernel {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.SGD.floats();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /**
   * The numbers of one update.
   *
   * @param scale factor for the gradient: 1 / M when it is the sum over M micro-batches
   * @param rate learning rate of this step
   * @param momentum such as 0.9
   * @param weightDecay such as 1e-4
   * @param keyMomentum m of the key encoder, such as 0.999
   */
  public record Rule(
      double scale, double rate, double momentum, double weightDecay, double keyMomentum) {}

  /**
   * The four buffers that an update passes over, all of one length, float32 in native order.
   *
   * @param gradient read only
   * @param query parameters, changed
   * @param velocity momentum buffer, changed
   * @param key the key encoder's parameters, changed
   */
  public record Buffers(
      MemorySegment gradient, MemorySegment query, MemorySegment velocity, MemorySegment key) {
    /** Checks that the lengths agree. */
    public Buffers {
      long bytes = query.byteSize();
      if (gradient.byteSize() != bytes
          || velocity.byteSize() != bytes
          || key.byteSize() != bytes
          || bytes % Float.BYTES != 0) {
        throw new IllegalArgumentException(
            "gradient, query, velocity and key have "
                + gradient.byteSize()
                + ", "
                + bytes
                + ", "
                + velocity.byteSize()
                + " and "
                + key.byteSize()
                + " bytes");
      }
    }

    /** Number of floats in each. */
    public long length() {
      return query.byteSize() / Float.BYTES;
    }
  }

  private SgdKernel() {}

  /** Updates everything in the calling thread. */
  public static void apply(Rule rule, Buffers buffers) {
    apply(rule, buffers, 0, buffers.length());
  }

  /** Updates everything, spread over the threads of {@code ranges}. */
  public static void apply(Rule rule, Buffers buffers, ParallelRanges ranges) {
    ranges.run(buffers.length(), (from, to) -> apply(rule, buffers, from, to));
  }

  /** Updates floats {@code from} to {@code to} - 1. */
  public static void apply(Rule rule, Buffers buffers, long from, long to) {
    MemorySegment gradient = buffers.gradient();
    MemorySegment query = buffers.query();
    MemorySegment velocity = buffers.velocity();
    MemorySegment key = buffers.key();
    FloatVector scale = FloatVector.broadcast(SPECIES, (float) rule.scale());
    FloatVector rate = FloatVector.broadcast(SPECIES, (float) rule.rate());
    FloatVector momentum = FloatVector.broadcast(SPECIES, (float) rule.momentum());
    FloatVector decay = FloatVector.broadcast(SPECIES, (float) rule.weightDecay());
    FloatVector keep = FloatVector.broadcast(SPECIES, MomentumUpdate.keep(rule.keyMomentum()));
    FloatVector take = FloatVector.broadcast(SPECIES, MomentumUpdate.take(rule.keyMomentum()));
    long at = from * Float.BYTES;
    int stride = SPECIES.vectorByteSize();
    for (long last = to * Float.BYTES - stride; at <= last; at += stride) {
      FloatVector g = FloatVector.fromMemorySegment(SPECIES, gradient, at, ORDER);
      FloatVector p = FloatVector.fromMemorySegment(SPECIES, query, at, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(SPECIES, velocity, at, ORDER);
      FloatVector k = FloatVector.fromMemorySegment(SPECIES, key, at, ORDER);
      FloatVector d = g.mul(scale).add(p.mul(decay));
      v = v.mul(momentum).add(d);
      p = p.sub(v.mul(rate));
      k = MomentumUpdate.blend(k, p, keep, take);
      v.intoMemorySegment(velocity, at, ORDER);
      p.intoMemorySegment(query, at, ORDER);
      k.intoMemorySegment(key, at, ORDER);
    }
    scalar(rule, buffers, at / Float.BYTES, to);
  }

  /** The same, float by float: the tail of the vector loop, and the twin that tests hold it to. */
  public static void scalar(Rule rule, Buffers buffers, long from, long to) {
    float scale = (float) rule.scale();
    float rate = (float) rule.rate();
    float momentum = (float) rule.momentum();
    float decay = (float) rule.weightDecay();
    float keep = MomentumUpdate.keep(rule.keyMomentum());
    float take = MomentumUpdate.take(rule.keyMomentum());
    for (long at = from * Float.BYTES; at < to * Float.BYTES; at += Float.BYTES) {
      float p = buffers.query().get(FLOAT, at);
      float d = buffers.gradient().get(FLOAT, at) * scale + p * decay;
      float v = buffers.velocity().get(FLOAT, at) * momentum + d;
      p = p - v * rate;
      buffers.velocity().set(FLOAT, at, v);
      buffers.query().set(FLOAT, at, p);
      float k = buffers.key().get(FLOAT, at);
      buffers.key().set(FLOAT, at, MomentumUpdate.blend(k, p, keep, take));
    }
  }
}
