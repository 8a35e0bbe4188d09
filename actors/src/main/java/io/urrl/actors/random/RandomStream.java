package io.urrl.actors.random;

/**
 * Every use of {@link Philox} and the positions that belong to it: the one place that hands out
 * positions, so that no two uses with the same seed draw the same numbers. A position has three
 * coordinates; a stream owns a box of them, and the boxes of streams that one kind of seed keys are
 * disjoint.
 *
 * <p>What these positions are decides the bits of runs and of corrupted sets: those of a stream
 * never change, and a new use gets a new box. The order of samples is no stream: it is a
 * permutation by a function of its own ({@link io.urrl.actors.plan.EpochPermutation}).
 */
public enum RandomStream {
  /** The parameters of a view: (epoch, sample, 0 for the query's or 1 for the key's). */
  VIEWS(Seed.RUN, Range.NATURAL, Range.NATURAL, new Range(0, 1)),

  /** A row of the negative queue before the first step: (-1, row, 0). */
  INITIAL_QUEUE(Seed.RUN, Range.only(-1), Range.NATURAL, Range.only(0)),

  /** A tensor of an encoder before the first step: (-2, number in the layout, 0). */
  INITIAL_WEIGHTS(Seed.RUN, Range.only(-2), Range.NATURAL, Range.only(0)),

  /** The order of the samples in a pass of the linear probe: (-3, pass, 0). */
  PROBE_SHUFFLES(Seed.RUN, Range.only(-3), Range.NATURAL, Range.only(0)),

  /**
   * What a corruption of a picture draws: (corruption and severity, picture, 192). Set apart from
   * the views as well, since a corruption's seed is often the run's.
   */
  CORRUPTIONS(Seed.RUN, Range.NATURAL, Range.NATURAL, Range.only(0xC0)),

  /** A drawn picture of shapes: (0 for training or 1 for test, sample, 0). */
  SHAPES(Seed.DATA_SET, new Range(0, 1), Range.NATURAL, Range.only(0)),

  /** A drawn texture of ice: (number, 0, 0). */
  ICE_TEXTURES(Seed.CONSTANT, Range.NATURAL, Range.only(0), Range.only(0));

  /** What the generators of a stream are keyed by. */
  enum Seed {
    /** The run's seed, or the one that a command is given in its place. */
    RUN,
    /**
     * The seed in a data set's name: part of the data, chosen apart from the run's. That it is
     * another number than the run's is up to who chooses; the default one is no likely choice.
     */
    DATA_SET,
    /** A number in the code, the same for every run. */
    CONSTANT
  }

  /**
   * Values of a coordinate.
   *
   * @param least the first
   * @param most the last
   */
  record Range(int least, int most) {
    /** 0 and all above. */
    static final Range NATURAL = new Range(0, Integer.MAX_VALUE);

    static Range only(int value) {
      return new Range(value, value);
    }

    boolean holds(int value) {
      return value >= least && value <= most;
    }

    boolean meets(Range other) {
      return least <= other.most && other.least <= most;
    }
  }

  private final Seed seed;
  private final Range first;
  private final Range second;
  private final Range third;

  RandomStream(Seed seed, Range first, Range second, Range third) {
    this.seed = seed;
    this.first = first;
    this.second = second;
    this.third = third;
  }

  /** Moves a generator to the start of a view's stream; {@code index} 0: query, 1: key. */
  public static Philox view(Philox random, int epoch, int sample, int index) {
    return VIEWS.position(random, epoch, sample, index);
  }

  /** Moves a generator to the start of a row of the initial queue. */
  public static Philox initialQueue(Philox random, int row) {
    return INITIAL_QUEUE.numbered(random, row);
  }

  /** Moves a generator to the start of a tensor's initial values. */
  public static Philox initialWeights(Philox random, int number) {
    return INITIAL_WEIGHTS.numbered(random, number);
  }

  /** Moves a generator to the start of a shuffle of the linear probe. */
  public static Philox probeShuffle(Philox random, int pass) {
    return PROBE_SHUFFLES.numbered(random, pass);
  }

  /**
   * Moves a generator to the start of a corrupted picture.
   *
   * @param corruption number of corruption and severity together
   * @param picture number of the picture
   */
  public static Philox corruption(Philox random, int corruption, int picture) {
    return CORRUPTIONS.position(random, corruption, picture, CORRUPTIONS.third.least);
  }

  /** Moves a generator to the start of a drawn picture; {@code part} 0: training, 1: test. */
  public static Philox shape(Philox random, int part, int sample) {
    return SHAPES.position(random, part, sample, 0);
  }

  /** Moves a generator to the start of a drawn texture. */
  public static Philox iceTexture(Philox random, int number) {
    return ICE_TEXTURES.position(random, number, 0, 0);
  }

  private Philox numbered(Philox random, int number) {
    return position(random, first.least, number, third.least);
  }

  /**
   * Moves a generator.
   *
   * @throws IllegalArgumentException for a position that is another stream's
   */
  Philox position(Philox random, int first, int second, int third) {
    if (!this.first.holds(first) || !this.second.holds(second) || !this.third.holds(third)) {
      throw new IllegalArgumentException(
          "(%d, %d, %d) is no position of %s".formatted(first, second, third, this));
    }
    return random.position(first, second, third);
  }

  /** Whether generators with the same seed can draw the same numbers in both. */
  boolean meets(RandomStream other) {
    return seed == other.seed
        && first.meets(other.first)
        && second.meets(other.second)
        && third.meets(other.third);
  }
}
