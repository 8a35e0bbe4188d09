package io.urrl.augment.data;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The sets that a node has open, one listing for all its workers and their successors: a file that
 * vanishes while a run goes on must not number the others anew. Safe for any thread.
 */
public final class OpenSets {
  private record Key(String source, Split split) {}

  private final Map<Key, PictureSet> sets = new ConcurrentHashMap<>();
  private final UnaryOperator<String> places;

  /**
   * @param places where this host has a source
   */
  public OpenSets(UnaryOperator<String> places) {
    this.places = places;
  }

  /**
   * A part of a data set, opened when it is asked for first.
   *
   * @param source see {@link PictureSets#open}
   * @param fingerprint that it must have, 0 for any
   * @throws RefusedDataException when this host has nothing to use in that place, or something else
   */
  public PictureSet get(String source, Split split, long fingerprint) {
    PictureSet set;
    try {
      set =
          sets.computeIfAbsent(
              new Key(source, split), key -> PictureSets.open(places.apply(source), key.split()));
    } catch (DataException e) {
      throw new RefusedDataException(
          e.getMessage() + " (cluster.paths says where hosts have it elsewhere)", e);
    }
    if (fingerprint != 0 && set.fingerprint() != fingerprint) {
      sets.remove(new Key(source, split), set);
      throw new RefusedDataException(
          "%s has the fingerprint %x here, and %x where the run began: other pictures; bring the same ones, or say in cluster.paths where they are"
              .formatted(places.apply(source), set.fingerprint(), fingerprint));
    }
    return set;
  }
}
