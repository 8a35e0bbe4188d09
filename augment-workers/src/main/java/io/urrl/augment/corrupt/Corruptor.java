package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.actors.random.RandomStream;
import io.urrl.augment.image.Picture;

/**
 * Corrupts numbered pictures. The result is a function of the picture and (seed, number,
 * corruption, severity): of nothing else, neither the order of calls nor the thread. For one
 * thread.
 */
public final class Corruptor {
  private final Corruptions corruptions;
  private final Philox random;
  private final Scratch scratch = new Scratch();

  /**
   * @param seed keys all randomness
   */
  public Corruptor(Corruptions corruptions, long seed) {
    this.corruptions = corruptions;
    random = new Philox(seed);
  }

  /**
   * Corrupts a picture in place.
   *
   * @param number of the picture
   * @param severity 1..5
   */
  public void corrupt(Picture picture, int number, CorruptionKind kind, int severity) {
    int corruption = kind.number() * CorruptionKind.SEVERITIES + severity - 1;
    RandomStream.corruption(random, corruption, number);
    corruptions.get(kind, severity).corrupt(picture, random, scratch);
  }
}
