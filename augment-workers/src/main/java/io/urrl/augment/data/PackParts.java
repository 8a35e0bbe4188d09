package io.urrl.augment.data;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The sets that go into a pack, numbered through: training pictures first, then test pictures. */
public final class PackParts {
  private final Map<Split, EncodedPictures> sets = new EnumMap<>(Split.class);

  /**
   * @param sets at least one; all number their classes alike
   */
  public PackParts(Map<Split, EncodedPictures> sets) {
    this.sets.putAll(sets);
  }

  /** Pictures of a part, 0 when it is not there. */
  int size(Split split) {
    EncodedPictures set = sets.get(split);
    return set == null ? 0 : set.size();
  }

  /** Pictures of all parts. */
  public int size() {
    return Math.addExact(size(Split.TRAIN), size(Split.TEST));
  }

  long fingerprint(Split split) {
    EncodedPictures set = sets.get(split);
    return set == null ? 0 : set.fingerprint();
  }

  /** Names of the classes: those of the part that has most of them. */
  List<String> classes() {
    PictureSet named =
        sets.values().stream()
            .max((one, other) -> Integer.compare(one.classes(), other.classes()))
            .orElseThrow();
    return IntStream.range(0, named.classes()).mapToObj(named::className).toList();
  }

  /** What lies with the pictures and is none of them, for people. */
  public List<String> notices() {
    return sets.values().stream().flatMap(set -> set.notices().stream()).distinct().toList();
  }

  /** The set that a record's picture is from. */
  public EncodedPictures setOf(int record) {
    return sets.get(record < size(Split.TRAIN) ? Split.TRAIN : Split.TEST);
  }

  /** A record's number within its set. */
  public int sampleOf(int record) {
    return record < size(Split.TRAIN) ? record : record - size(Split.TRAIN);
  }
}
