package io.urrl.launch.protocol;

import java.util.SplittableRandom;

/**
 * How many there are of everything.
 *
 * @param shards parameter shards
 * @param slices of the parameters, 0 for as many as there are shards
 */
record Size(int shards, int slices, int gpuWorkers, int augmentWorkers) {
  static final Size LEAST = new Size(1, 0, 1, 1);

  /** Of a seed. */
  static Size random(SplittableRandom random) {
    return new Size(
        random.nextInt(1, 5), random.nextInt(0, 4), random.nextInt(1, 4), random.nextInt(1, 3));
  }
}
