package io.urrl.augment.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The classes of shards: those whose numbers occur, numbered from 0 in the order of these numbers.
 * So numbers may be sparse and as large as identifiers are, at no cost; each class keeps its number
 * as a name.
 */
final class ShardClasses {
  private final long[] numbers;
  private final Map<Long, String> texts = new HashMap<>();

  /**
   * @param indexes of the shards of all parts, which number their classes alike, whichever of them
   *     a class occurs in
   */
  ShardClasses(List<ShardIndex> indexes) {
    numbers =
        indexes.stream()
            .flatMap(index -> index.samples().stream())
            .mapToLong(ShardIndex.Sample::number)
            .filter(number -> number != ShardIndex.NO_CLASS)
            .sorted()
            .distinct()
            .toArray();
    indexes.forEach(index -> index.texts().forEach(texts::putIfAbsent));
  }

  int count() {
    return numbers.length;
  }

  /** The class with a number, or −1 for {@link ShardIndex#NO_CLASS}. */
  int label(long number) {
    return number == ShardIndex.NO_CLASS ? -1 : Arrays.binarySearch(numbers, number);
  }

  String name(int label) {
    return texts.getOrDefault(numbers[label], Long.toString(numbers[label]));
  }
}
