package io.urrl.actors.run;

import io.urrl.actors.plan.LearningRate;
import io.urrl.actors.protocol.RunBrief;
import java.time.Duration;

/**
 * How the trainer steers a run.
 *
 * @param brief what every worker must know
 * @param rate learning rate of every step
 * @param checkpointEvery steps between checkpoints, 0 for one at the end only
 * @param judgeEvery steps between evaluations, each of which needs a checkpoint too; 0 for none
 * @param onNonFinite what to do about NaN or infinity in a loss or gradient
 * @param lookahead steps beyond the computable ones for which views are prepared
 * @param leaseTimeout after which a second worker computes a micro-batch too, at the latest
 * @param brokenLimit most distinct pictures that may turn out unreadable
 * @param slices slices that the parameters are cut into, one for each shard; 0 for as many as there
 *     are shards when a term begins
 * @param shards parameter shards that a term waits for when {@code slices} is 0
 */
public record TrainerSettings(
    RunBrief brief,
    LearningRate rate,
    int checkpointEvery,
    int judgeEvery,
    OnNonFinite onNonFinite,
    int lookahead,
    Duration leaseTimeout,
    int brokenLimit,
    int slices,
    int shards) {

  /** What to do about NaN or infinity in a loss or gradient. */
  public enum OnNonFinite {
    /** End the run and name the step, the micro-batch and the last checkpoint. */
    STOP,
    /** Leave the parameters as they are, count the step and go on. */
    SKIP
  }
}
