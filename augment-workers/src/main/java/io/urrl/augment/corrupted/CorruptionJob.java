package io.urrl.augment.corrupted;

import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.data.PictureSet;
import java.util.List;

/**
 * What to corrupt, and how.
 *
 * @param pictures the clean pictures
 * @param count how many of them, from the first
 * @param corruptions with the parameters of one table
 * @param kinds corruptions to write
 * @param severities to write, each 1..5, ascending
 * @param seed keys all randomness
 */
public record CorruptionJob(
    PictureSet pictures,
    int count,
    Corruptions corruptions,
    List<CorruptionKind> kinds,
    List<Integer> severities,
    long seed) {

  /** Keeps the lists as they are now. */
  public CorruptionJob {
    kinds = List.copyOf(kinds);
    severities = List.copyOf(severities);
  }

  /** Corrupted pictures in all. */
  public long outputs() {
    return (long) count * kinds.size() * severities.size();
  }
}
