package io.urrl.actors.plan;

/**
 * One micro-batch of one optimiser step: the unit of lease, of network pass and of reduction.
 *
 * @param step optimiser step, from 0
 * @param index place within the step, 0 to M - 1
 */
public record MicroBatchId(long step, int index) implements Comparable<MicroBatchId> {
  @Override
  public int compareTo(MicroBatchId other) {
    int byStep = Long.compare(step, other.step);
    return byStep != 0 ? byStep : Integer.compare(index, other.index);
  }

  @Override
  public String toString() {
    return "step " + step + " micro-batch " + index;
  }
}
