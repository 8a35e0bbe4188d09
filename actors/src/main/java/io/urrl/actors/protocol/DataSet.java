package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;

/**
 * A data set as all nodes of a run must see it.
 *
 * @param source as the command line names it: {@code shapes}, a directory, a pack or shards. Hosts
 *     may have it in other places
 * @param train fingerprint of the training pictures, 0 where any will do
 * @param test fingerprint of the test pictures, 0 where any will do
 */
public record DataSet(String source, long train, long test) implements WireMessage {

  /** One of which nothing is known but its name. */
  public static DataSet unchecked(String source) {
    return new DataSet(source, 0, 0);
  }

  /** Fingerprint of a part, 0 where any will do. */
  public long fingerprint(ViewTask.Split split) {
    return switch (split) {
      case TRAIN -> train;
      case TEST -> test;
    };
  }
}
