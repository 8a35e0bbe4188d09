package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import org.apache.pekko.actor.typed.ActorRef;

/** What evaluation actors can be told. */
public sealed interface EvaluationCommand {

  /**
   * Evaluates. Said again until the outcome has come; a worker that is told of another job gives up
   * the one it has.
   *
   * @param supply where pictures are fetched
   * @param replyTo hears of {@link Progress}, and then of one {@link Outcome}, perhaps twice
   */
  record Evaluate(EvaluationJob job, ActorRef<SupplyCommand> supply, ActorRef<Report> replyTo)
      implements EvaluationCommand, WireMessage {}

  /** An evaluation actor's own events. */
  non-sealed interface Internal extends EvaluationCommand {}

  /** What is said of a job. */
  sealed interface Report extends WireMessage {
    /** Name of the job. */
    long job();
  }

  /**
   * How far a job is.
   *
   * @param unit what is counted at present, in the plural
   * @param done how many are done
   * @param total of how many
   */
  record Progress(long job, String title, String unit, long done, long total) implements Report {}

  /** How a job ended. */
  sealed interface Outcome extends Report {
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
