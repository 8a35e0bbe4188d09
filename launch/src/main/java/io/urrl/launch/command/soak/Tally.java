package io.urrl.launch.command.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a number of results comes to. Of the patterns of a group the one that most runs have is the
 * common one, the earliest of several that equally many have; a run with another deviates.
 */
final class Tally {
  private final List<Result.ShortRun> shorts = new ArrayList<>();
  private final List<Result.LongPair> longs = new ArrayList<>();
  private final Map<String, Map<String, Integer>> patterns = new LinkedHashMap<>();

  /** A line of the table. */
  record Row(
      String name,
      int runs,
      long steps,
      int deviations,
      int failures,
      double seconds,
      long leftBytes) {

    private Row plus(Row other) {
      return new Row(
          name,
          runs + other.runs,
          steps + other.steps,
          deviations + other.deviations,
          failures + other.failures,
          seconds + other.seconds,
          leftBytes + other.leftBytes);
    }
  }

  /**
   * @param subject only its results count
   */
  Tally(List<Result> results, String subject) {
    for (Result result : results) {
      if (!result.subject().equals(subject)) {
        continue;
      }
      switch (result) {
        case Result.ShortRun one -> add(one);
        case Result.LongPair one -> longs.add(one);
      }
    }
  }

  private void add(Result.ShortRun one) {
    shorts.add(one);
    if (!one.failed()) {
      patterns
          .computeIfAbsent(one.group(), group -> new LinkedHashMap<>())
          .merge(one.pattern(), 1, Integer::sum);
    }
  }

  /** The short runs that count. */
  List<Result.ShortRun> shorts() {
    return shorts;
  }

  /** The long runs that count. */
  List<Result.LongPair> longs() {
    return longs;
  }

  /** The common pattern of a group; empty while no run of it has come to its end. */
  Optional<String> common(String group) {
    String most = null;
    Map<String, Integer> counts = patterns.getOrDefault(group, Map.of());
    for (Map.Entry<String, Integer> one : counts.entrySet()) {
      if (most == null || one.getValue() > counts.get(most)) {
        most = one.getKey();
      }
    }
    return Optional.ofNullable(most);
  }

  /** How many runs of a group have a pattern. */
  int count(String group, String pattern) {
    return patterns.getOrDefault(group, Map.of()).getOrDefault(pattern, 0);
  }

  /** The first run with the common bits of a group. */
  Optional<Result.ShortRun> reference(String group) {
    return common(group).flatMap(pattern -> first(group, pattern));
  }

  /** The first run of a group with a pattern, which stands for all that have it. */
  Optional<Result.ShortRun> first(String group, String pattern) {
    return shorts.stream()
        .filter(one -> !one.failed())
        .filter(one -> one.group().equals(group) && one.pattern().equals(pattern))
        .findFirst();
  }

  /** Whether a run came to its end with other bits than most. */
  boolean deviates(Result.ShortRun one) {
    return !one.failed() && !one.pattern().equals(common(one.group()).orElseThrow());
  }

  /** The runs that deviate, in order. */
  List<Result.ShortRun> deviating() {
    return shorts.stream().filter(this::deviates).toList();
  }

  /** The runs that failed, in order. */
  List<Result.ShortRun> failed() {
    return shorts.stream().filter(Result.ShortRun::failed).toList();
  }

  /** Whether no run deviated or failed. */
  boolean clean() {
    Row total = total();
    return total.deviations() == 0 && total.failures() == 0;
  }

  /** A line for each configuration that was run, short runs before long ones. */
  List<Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (Result.ShortRun one : shorts) {
      Row row =
          new Row(
              one.configuration(),
              1,
              one.steps(),
              deviates(one) ? 1 : 0,
              one.failed() ? 1 : 0,
              one.seconds(),
              one.leftBytes());
      rows.merge(one.configuration(), row, Row::plus);
    }
    for (Result.LongPair one : longs) {
      String name = one.configuration() + ", long";
      Row row =
          new Row(
              name,
              2,
              2 * one.steps(),
              one.deviation().isEmpty() ? 0 : 1,
              one.failure().isEmpty() ? 0 : 1,
              2 * one.seconds(),
              0);
      rows.merge(name, row, Row::plus);
    }
    return List.copyOf(rows.values());
  }

  /** The sum of all lines. */
  Row total() {
    return rows().stream().reduce(new Row("all", 0, 0, 0, 0, 0, 0), Row::plus);
  }
}
