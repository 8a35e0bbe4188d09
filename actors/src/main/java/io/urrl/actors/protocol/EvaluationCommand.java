package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import org.apache.pekko.actor.typed.ActorRef;

/** What evaluation actors can be told. */
public sealed interface EvaluationCommand {

  /**
   * Evaluates.
   *
   * @param supply where pictures are fetched
   * @param replyTo gets exactly one {@link Outcome}
   */
  record Evaluate(EvaluationJob job, ActorRef<SupplyCommand> supply, ActorRef<Outcome> replyTo)
      implements EvaluationCommand, WireMessage {}

  /** An evaluation actor's own events. */
  non-sealed interface Internal extends EvaluationCommand {}

  /** How a job ended. */
  sealed interface Outcome extends WireMessage {
    /** Name of the job. */
    long job();

    /**
     * Accuracies as fractions.
     *
     * @param top1 test pictures whose class ranks first
     * @param top5 test pictures whose class is among the first five
     * @param trainTop1 top-1 on the training pictures, NaN where it was not measured
     * @param rate learning rate that was used, NaN where there is none
     * @param seconds time from the job's begin
     */
    record Measured(
        long job,
        String title,
        double top1,
        double top5,
        double trainTop1,
        double rate,
        double seconds)
        implements Outcome {}

    /** The job cannot be done; the text says why and what to do. */
    record Failed(long job, String title, String text) implements Outcome {}
  }
}
