package io.urrl.actors.objective;

import io.urrl.actors.WireMessage;
import io.urrl.actors.plan.RunPlan;

/**
 * Something that an objective keeps beside the parameters. At every step it takes one contribution
 * from each micro-batch, in their order.
 */
public sealed interface Companion extends WireMessage {

  /** Name in checkpoints and for people. */
  String name();

  /** Whether replicas hold it, so that it travels with every version. */
  boolean replicated();

  /**
   * Length of all of it in floats.
   *
   * @param buffers running means and variances of one encoder
   */
  long size(long buffers);

  /**
   * Length of what one micro-batch contributes, in floats.
   *
   * @param buffers running means and variances of one encoder
   */
  long contribution(RunPlan plan, long buffers);

  /**
   * A ring of rows, such as a negative queue. A micro-batch contributes a row for each sample; they
   * take the places of the oldest ones.
   *
   * @param rows K
   * @param width floats of a row
   */
  record Queue(String name, int rows, int width) implements Companion {
    @Override
    public boolean replicated() {
      return true;
    }

    @Override
    public long size(long buffers) {
      return (long) rows * width;
    }

    @Override
    public long contribution(RunPlan plan, long buffers) {
      return (long) plan.microBatch() * width;
    }
  }

  /**
   * Running statistics of an encoder's batch norms. A micro-batch contributes mean and unbiased
   * variance of each of its groups' passes.
   *
   * @param encoder whose they are
   */
  record Statistics(String name, Encoder encoder) implements Companion {
    @Override
    public boolean replicated() {
      return false;
    }

    @Override
    public long size(long buffers) {
      return buffers;
    }

    @Override
    public long contribution(RunPlan plan, long buffers) {
      return plan.groups() * buffers;
    }
  }

  /** Which of an objective's encoders. */
  enum Encoder implements WireMessage {
    /** The one that is trained. */
    TRAINED,
    /** Its moving average. */
    MOMENTUM
  }
}
