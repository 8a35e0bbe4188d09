package io.urrl.launch.command.soak;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What came of a run; a line of {@code soak.jsonl}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Result.ShortRun.class, name = "short"),
  @JsonSubTypes.Type(value = Result.LongPair.class, name = "long")
})
sealed interface Result {

  /** What was run, see {@link Subject}; results of different subjects are never compared. */
  String subject();

  /** Number of the run, from 1, among all in this file. */
  int number();

  /** Name of the configuration. */
  String configuration();

  /** Seconds from start to end. */
  double seconds();

  /**
   * A run of a few steps.
   *
   * @param group runs whose bits must be equal
   * @param steps that it took
   * @param pattern of all that is compared
   * @param failure how it failed, empty when it did not
   * @param said the last lines that a failed run printed
   * @param leftBytes bytes that it left in shared memory
   */
  record ShortRun(
      String subject,
      int number,
      String configuration,
      String group,
      int steps,
      double seconds,
      String pattern,
      String failure,
      List<String> said,
      long leftBytes)
      implements Result {

    boolean failed() {
      return !failure.isEmpty();
    }
  }

  /**
   * Two long runs side by side.
   *
   * @param group runs whose bits must be equal
   * @param steps that were compared
   * @param checkpoints that were compared
   * @param deviation the first one, empty for none
   * @param failure how one of them failed, empty for neither
   * @param said the last lines that a failed run printed
   */
  record LongPair(
      String subject,
      int number,
      String configuration,
      String group,
      long steps,
      int checkpoints,
      double seconds,
      String deviation,
      String failure,
      List<String> said)
      implements Result {}
}
