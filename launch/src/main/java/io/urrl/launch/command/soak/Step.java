package io.urrl.launch.command.soak;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one step left in a run's record.
 *
 * @param number of the step, from 0
 * @param fields from path to text, in the order of the record; only those that are compared
 */
record Step(long number, Map<String, String> fields) {
  private static final String ABSENT = "nothing";

  Step {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** A step that a run has not got. */
  static Step missing(long number) {
    return new Step(number, Map.of());
  }

  /**
   * How this step differs from the same step of another run; empty when it does not.
   *
   * @param common the step with the bits that most runs have
   */
  Optional<Deviation> from(Step common) {
    Set<String> names = new LinkedHashSet<>(common.fields.keySet());
    names.addAll(fields.keySet());
    List<String> differing =
        names.stream().filter(name -> !text(common, name).equals(text(this, name))).toList();
    return differing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Deviation(
                number,
                differing.getFirst(),
                text(common, differing.getFirst()),
                text(this, differing.getFirst()),
                differing.size() - 1));
  }

  private static String text(Step step, String name) {
    return step.fields.getOrDefault(name, ABSENT);
  }
}
