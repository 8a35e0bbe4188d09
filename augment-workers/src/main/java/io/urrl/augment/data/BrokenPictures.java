package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import java.util.function.Consumer;

/**
 * Reads pictures of a set, and the next readable one in place of a broken one: which one that is
 * depends on the content of the set alone. What only fails to be read, such as a file that is gone,
 * is no broken picture.
 */
public final class BrokenPictures {

  /** A picture that could not be read, its name for people. */
  public record Broken(int sample, String name, String reason) {}

  private final PictureSet set;

  /** Reads from {@code set}. */
  public BrokenPictures(PictureSet set) {
    this.set = set;
  }

  /**
   * Reads a picture or the next readable one after it, around the end.
   *
   * @param broken hears of every picture that was passed over
   * @return the picture that was read
   * @throws DataException when no picture of the set can be decoded, or the disk does not give one
   */
  public int readOrSubstitute(int sample, Picture into, Consumer<Broken> broken) {
    for (int passed = 0; passed < set.size(); passed++) {
      int candidate = (sample + passed) % set.size();
      try {
        set.read(candidate, into);
        return candidate;
      } catch (BrokenPictureException e) {
        broken.accept(new Broken(candidate, FileNames.shown(set.name(candidate)), e.getMessage()));
      }
    }
    throw new DataException("no picture of the data set can be read");
  }
}
