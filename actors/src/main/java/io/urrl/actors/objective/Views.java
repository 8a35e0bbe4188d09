package io.urrl.actors.objective;

import io.urrl.actors.WireMessage;
import java.util.List;

/** What can be made of a sample: parts that lie one after the other, each a flat tensor. */
public enum Views implements WireMessage {
  /** Two views by the run's recipe, the query's and the key's: each uint8 [3, size, size]. */
  PAIR,

  /**
   * One view, uint8 [3, size, size], and the sample's label, int32. By the run's recipe; where none
   * is given the picture as evaluations see it.
   */
  LABELLED;

  /**
   * Bytes of each part of one sample.
   *
   * @param imageSize height and width of a view
   */
  public List<Long> parts(int imageSize) {
    long picture = 3L * imageSize * imageSize;
    return switch (this) {
      case PAIR -> List.of(picture, picture);
      case LABELLED -> List.of(picture, (long) Integer.BYTES);
    };
  }

  /** Bytes of what is made of one sample. */
  public long bytes(int imageSize) {
    return parts(imageSize).stream().mapToLong(Long::longValue).sum();
  }
}
