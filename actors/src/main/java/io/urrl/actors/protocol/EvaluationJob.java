package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.protocol.RunBrief.EncoderBrief;

/**
 * One evaluation of one set of features.
 *
 * @param id name of the job, unique over all clients
 * @param title what is evaluated, for people
 * @param features where the features come from
 * @param data pictures to evaluate on
 * @param encoder the network
 * @param protocol how the features are judged
 * @param tensorThreads intra-op threads
 */
public record EvaluationJob(
    long id,
    String title,
    FeatureSource features,
    EvaluationData data,
    EncoderBrief encoder,
    Protocol protocol,
    int tensorThreads)
    implements WireMessage {

  /** Where features come from. */
  public sealed interface FeatureSource extends WireMessage {
    /** The query encoder of a checkpoint directory. */
    record Checkpoint(String directory) implements FeatureSource {}

    /** The encoder as it was before the first step of a run with this seed. */
    record Untrained(long seed) implements FeatureSource {}

    /** The normalised pixels themselves. */
    record Pixels() implements FeatureSource {}
  }

  /**
   * Pictures to train a probe on and to test it with.
   *
   * @param set of the pictures
   * @param imageSize height and width
   * @param train training pictures
   * @param test test pictures
   * @param classes number of classes
   */
  public record EvaluationData(DataSet set, int imageSize, int train, int test, int classes)
      implements WireMessage {}

  /** How features are judged. */
  public sealed interface Protocol extends WireMessage {
    /**
     * Softmax regression on frozen features.
     *
     * @param epochs passes over the training features
     * @param rate learning rate; 0 chooses among powers by a tenth of the training pictures
     * @param batch samples of a step
     * @param seed shuffles
     */
    record Linear(int epochs, double rate, int batch, long seed) implements Protocol {}

    /**
     * Votes of the nearest training features by cosine, weighted by exp(similarity / temperature).
     *
     * @param neighbours number k of voters
     * @param temperature of the weights
     */
    record NearestNeighbours(int neighbours, double temperature) implements Protocol {}
  }
}
