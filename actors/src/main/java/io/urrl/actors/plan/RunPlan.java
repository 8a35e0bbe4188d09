package io.urrl.actors.plan;

/**
 * What a run trains on, in which order: a pure function {@code (step, micro-batch, place) →
 * sample}.
 *
 * <p>The epochs' permutations follow each other without a gap, and batches are cut from that one
 * sequence: a batch may reach over the end of an epoch, so that no sample is dropped and every
 * batch has the same size. The last batch of the run is filled from the beginning of one epoch
 * more.
 *
 * @param seed keys the permutations and all view randomness
 * @param shuffled whether every epoch has an order of its own; otherwise samples come by index
 * @param samples number N of samples of the data set
 * @param epochs number of whole passes over the data set
 * @param maxSteps upper bound on steps, 0 for none
 * @param globalBatch samples B of an optimiser step; a multiple of {@code microBatch}
 * @param microBatch samples b of a micro-batch; a multiple of {@code groups}
 * @param groups batch-norm groups g of a micro-batch
 */
public record RunPlan(
    long seed,
    boolean shuffled,
    int samples,
    int epochs,
    long maxSteps,
    int globalBatch,
    int microBatch,
    int groups) {

  public RunPlan {
    require(samples > 0, "the data set is empty");
    require(epochs > 0, "epochs must be at least 1, not " + epochs);
    require(maxSteps >= 0, "max-steps must not be negative");
    require(microBatch > 0, "micro-batch must be at least 1, not " + microBatch);
    require(groups > 0, "bn-groups must be at least 1, not " + groups);
    require(
        globalBatch > 0 && globalBatch % microBatch == 0,
        "batch " + globalBatch + " is not a multiple of micro-batch " + microBatch);
    require(
        microBatch % groups == 0,
        "micro-batch " + microBatch + " is not a multiple of bn-groups " + groups);
  }

  /** Micro-batches M of a step. */
  public int microBatches() {
    return globalBatch / microBatch;
  }

  /** Steps of the whole schedule, before {@code maxSteps} cuts it: the learning rate's horizon. */
  public long scheduledSteps() {
    return ((long) samples * epochs + globalBatch - 1) / globalBatch;
  }

  /** Steps that this run takes. */
  public long steps() {
    return maxSteps == 0 ? scheduledSteps() : Math.min(maxSteps, scheduledSteps());
  }

  /** Epoch of the first sample of a step. */
  public int epochOf(long step) {
    return (int) (step * globalBatch / samples);
  }

  /** The samples of a micro-batch in order, each with the epoch that it belongs to. */
  public SampleDraw[] draws(MicroBatchId id) {
    EpochPermutation order = new EpochPermutation(seed, samples);
    SampleDraw[] draws = new SampleDraw[microBatch];
    long first = id.step() * globalBatch + (long) id.index() * microBatch;
    for (int place = 0; place < microBatch; place++) {
      long position = first + place;
      int epoch = (int) (position / samples);
      int within = (int) (position % samples);
      draws[place] = new SampleDraw(epoch, shuffled ? order.sampleAt(epoch, within) : within);
    }
    return draws;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
