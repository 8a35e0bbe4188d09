package io.urrl.launch.protocol;

import java.util.SplittableRandom;

/**
 * How bad the world is.
 *
 * @param loss share of control messages that are lost
 * @param doubling share of control messages that come twice
 * @param delay longest usual delay of a message, in milliseconds; one in fifty takes a hundred
 *     times as long
 * @param chunkLoss share of chunks that are lost
 * @param blocking share of offers that a stream does not take
 * @param kills actors that die
 * @param pauses actors that stand still for some seconds
 * @param splits parameter shards that all others take for dead and that do not know it
 * @param outages times at which the data plane is gone for some seconds
 * @param stopped whether somebody asks for the end on the way
 */
record Faults(
    double loss,
    double doubling,
    long delay,
    double chunkLoss,
    double blocking,
    int kills,
    int pauses,
    int splits,
    int outages,
    boolean stopped) {

  static final Faults NONE = new Faults(0, 0, 1, 0, 0, 0, 0, 0, 0, false);

  /** Of a seed: from a quiet world to a bad one. */
  static Faults random(SplittableRandom random) {
    return new Faults(
        pick(random, 0, 0.02, 0.1, 0.3),
        pick(random, 0, 0.05, 0.3),
        random.nextInt(1, 60),
        pick(random, 0, 0.001, 0.01),
        pick(random, 0, 0.1, 0.5),
        random.nextInt(0, 5),
        random.nextInt(0, 3),
        random.nextInt(0, 2),
        random.nextInt(0, 2),
        random.nextInt(4) == 0);
  }

  /** The same without anybody who asks for the end. */
  Faults unstopped() {
    return new Faults(
        loss, doubling, delay, chunkLoss, blocking, kills, pauses, splits, outages, false);
  }

  private static double pick(SplittableRandom random, double... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
