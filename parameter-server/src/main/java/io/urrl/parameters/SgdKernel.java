package io.urrl.parameters;

import io.urrl.actors.simd.VectorWidth;
import io.urrl.actors.tensor.MomentumUpdate;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Stochastic gradient descent with weight decay and momentum, and the update of a momentum encoder
 * where there is one, in one pass over memory.
 *
 * <p>For every float, rounded to float32 after each operation and without fused multiply-add:
 *
 * <pre>
 *   d = g * scale + weightDecay * p
 *   v = momentum * v + d          (v = 0 at the start, so the first step has v = d)
 *   p = p - rate * v
 *   a = encoderMomentum * a + (1 - encoderMomentum) * p
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
   * @param encoderMomentum m of the momentum encoder, such as 0.999
   */
  public record Rule(
      double scale, double rate, double momentum, double weightDecay, double encoderMomentum) {}

  /**
   * The buffers that an update passes over, all of one length, float32 in native order.
   *
   * @param gradient read only
   * @param parameters changed
   * @param velocity momentum buffer, changed
   * @param momentumEncoder moving average of the parameters, changed; empty where there is none
   */
  public record Buffers(
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment velocity,
      MemorySegment momentumEncoder) {
    /** Checks that the lengths agree. */
    public Buffers {
      long bytes = parameters.byteSize();
      long average = momentumEncoder.byteSize();
      if (gradient.byteSize() != bytes
          || velocity.byteSize() != bytes
          || (average != 0 && average != bytes)
          || bytes % Float.BYTES != 0) {
        throw new IllegalArgumentException(
            "gradient, parameters, velocity and momentum encoder have "
                + gradient.byteSize()
                + ", "
                + bytes
                + ", "
                + velocity.byteSize()
                + " and "
                + average
                + " bytes");
      }
    }

    /** Number of floats in each. */
    public long length() {
      return parameters.byteSize() / Float.BYTES;
    }

    /** Whether there is a momentum encoder. */
    public boolean hasMomentumEncoder() {
      return momentumEncoder.byteSize() > 0;
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
    long done =
        buffers.hasMomentumEncoder()
            ? withMomentumEncoder(rule, buffers, from, to)
            : alone(rule, buffers, from, to);
    scalar(rule, buffers, done, to);
  }

  private static long withMomentumEncoder(Rule rule, Buffers buffers, long from, long to) {
    MemorySegment gradient = buffers.gradient();
    MemorySegment parameters = buffers.parameters();
    MemorySegment velocity = buffers.velocity();
    MemorySegment average = buffers.momentumEncoder();
    FloatVector scale = FloatVector.broadcast(SPECIES, (float) rule.scale());
    FloatVector rate = FloatVector.broadcast(SPECIES, (float) rule.rate());
    FloatVector momentum = FloatVector.broadcast(SPECIES, (float) rule.momentum());
    FloatVector decay = FloatVector.broadcast(SPECIES, (float) rule.weightDecay());
    FloatVector keep = FloatVector.broadcast(SPECIES, MomentumUpdate.keep(rule.encoderMomentum()));
    FloatVector take = FloatVector.broadcast(SPECIES, MomentumUpdate.take(rule.encoderMomentum()));
    long at = from * Float.BYTES;
    int stride = SPECIES.vectorByteSize();
    for (long last = to * Float.BYTES - stride; at <= last; at += stride) {
      FloatVector g = FloatVector.fromMemorySegment(SPECIES, gradient, at, ORDER);
      FloatVector p = FloatVector.fromMemorySegment(SPECIES, parameters, at, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(SPECIES, velocity, at, ORDER);
      FloatVector a = FloatVector.fromMemorySegment(SPECIES, average, at, ORDER);
      FloatVector d = g.mul(scale).add(p.mul(decay));
      v = v.mul(momentum).add(d);
      p = p.sub(v.mul(rate));
      a = MomentumUpdate.blend(a, p, keep, take);
      v.intoMemorySegment(velocity, at, ORDER);
      p.intoMemorySegment(parameters, at, ORDER);
      a.intoMemorySegment(average, at, ORDER);
    }
    return at / Float.BYTES;
  }

  private static long alone(Rule rule, Buffers buffers, long from, long to) {
    MemorySegment gradient = buffers.gradient();
    MemorySegment parameters = buffers.parameters();
    MemorySegment velocity = buffers.velocity();
    FloatVector scale = FloatVector.broadcast(SPECIES, (float) rule.scale());
    FloatVector rate = FloatVector.broadcast(SPECIES, (float) rule.rate());
    FloatVector momentum = FloatVector.broadcast(SPECIES, (float) rule.momentum());
    FloatVector decay = FloatVector.broadcast(SPECIES, (float) rule.weightDecay());
    long at = from * Float.BYTES;
    int stride = SPECIES.vectorByteSize();
    for (long last = to * Float.BYTES - stride; at <= last; at += stride) {
      FloatVector g = FloatVector.fromMemorySegment(SPECIES, gradient, at, ORDER);
      FloatVector p = FloatVector.fromMemorySegment(SPECIES, parameters, at, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(SPECIES, velocity, at, ORDER);
      v = v.mul(momentum).add(g.mul(scale).add(p.mul(decay)));
      v.intoMemorySegment(velocity, at, ORDER);
      p.sub(v.mul(rate)).intoMemorySegment(parameters, at, ORDER);
    }
    return at / Float.BYTES;
  }

  /**
   * The same, float by float: the tail of the vector loops, and the twin that tests hold them to.
   */
  public static void scalar(Rule rule, Buffers buffers, long from, long to) {
    float scale = (float) rule.scale();
    float rate = (float) rule.rate();
    float momentum = (float) rule.momentum();
    float decay = (float) rule.weightDecay();
    float keep = MomentumUpdate.keep(rule.encoderMomentum());
    float take = MomentumUpdate.take(rule.encoderMomentum());
    for (long at = from * Float.BYTES; at < to * Float.BYTES; at += Float.BYTES) {
      float p = buffers.parameters().get(FLOAT, at);
      float d = buffers.gradient().get(FLOAT, at) * scale + p * decay;
      float v = buffers.velocity().get(FLOAT, at) * momentum + d;
      p = p - v * rate;
      buffers.velocity().set(FLOAT, at, v);
      buffers.parameters().set(FLOAT, at, p);
      if (buffers.hasMomentumEncoder()) {
        float a = buffers.momentumEncoder().get(FLOAT, at);
        buffers.momentumEncoder().set(FLOAT, at, MomentumUpdate.blend(a, p, keep, take));
      }
    }
  }
}
