package io.urrl.augment.data;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sets that a node has open, one listing for all its workers and their successors: a file that
 * vanishes while a run goes on must not number the others anew. Safe for any thread.
 */
public final class OpenSets {
  private record Key(String source, Split split) {}

  private final Map<Key, PictureSet> sets = new ConcurrentHashMap<>();

  /**
   * A part of a data set, opened when it is asked for first.
   *
   * @param source see {@link PictureSets#open}
   * @throws DataException when there is nothing to use
   */
  public PictureSet get(String source, Split split) {
    return sets.computeIfAbsent(
        new Key(source, split), key -> PictureSets.open(key.source(), key.split()));
  }
}
