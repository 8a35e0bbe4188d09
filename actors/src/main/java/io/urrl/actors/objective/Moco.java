package io.urrl.actors.objective;

import java.util.List;

/**
 * MoCo v2 (He et al., 2020; Chen et al., 2020): a query encoder is trained to tell the key of its
 * own sample, by a momentum encoder, from a queue of earlier keys.
 */
public final class Moco {
  /** Its name. */
  public static final String NAME = "moco";

  /** τ of the contrastive loss. */
  public static final String TEMPERATURE = "temperature";

  /** Where the negative queue stands among the companions; the keys are what goes into it. */
  public static final int QUEUE = 0;

  /** Where the query encoder's statistics stand. */
  public static final int QUERY_STATISTICS = 1;

  /** Where the key encoder's statistics stand. */
  public static final int KEY_STATISTICS = 2;

  /**
   * Describes it.
   *
   * @param negatives K of the queue
   * @param dim length of a key
   * @param momentum m of the key encoder
   * @param temperature τ
   */
  public static Objective of(int negatives, int dim, float momentum, float temperature) {
    return new Objective(
        NAME,
        Views.PAIR,
        momentum,
        List.of(
            new Companion.Queue("queue", negatives, dim),
            new Companion.Statistics("query statistics", Companion.Encoder.TRAINED),
            new Companion.Statistics("key statistics", Companion.Encoder.MOMENTUM)),
        List.of(new Objective.Constant(TEMPERATURE, temperature)));
  }

  private Moco() {}
}
