package io.urrl.launch.command.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares two runs under way with each other, and with a third that is over where there is one:
 * steps in order, as soon as both have them, and checkpoints. For one thread.
 */
final class LongComparison implements AutoCloseable {
  private final StepReader first;
  private final StepReader second;
  private final StepReader reference;
  private final CheckpointDigests firstDigests;
  private final CheckpointDigests secondDigests;
  private final CheckpointDigests referenceDigests;
  private final Set<String> compared = new HashSet<>();

  /**
   * @param first directory of a run
   * @param second directory of another one
   * @param reference directory of an earlier one, which may be missing
   */
  LongComparison(Path first, Path second, Path reference) throws IOException {
    this.first = new StepReader(first);
    this.second = new StepReader(second);
    this.reference = new StepReader(reference);
    firstDigests = new CheckpointDigests(first);
    secondDigests = new CheckpointDigests(second);
    referenceDigests = new CheckpointDigests(reference);
  }

  /**
   * Compares what has come since the last call.
   *
   * @return the first deviation, for people
   */
  Optional<String> advance() throws IOException {
    Optional<Step> one = first.peek();
    Optional<Step> other = second.peek();
    while (one.isPresent() && other.isPresent()) {
      Optional<Step> earlier = reference.peek();
      Optional<String> deviation = judge(one.get(), other.get(), earlier);
      if (deviation.isPresent()) {
        return deviation;
      }
      first.advance();
      second.advance();
      earlier.ifPresent(step -> reference.advance());
      one = first.peek();
      other = second.peek();
    }
    return checkpoints();
  }

  /** With two against one the one deviates. */
  private static Optional<String> judge(Step one, Step other, Optional<Step> earlier) {
    Optional<Deviation> between = other.from(one);
    if (earlier.isEmpty()) {
      return between.map(
          deviation -> "one of the two deviates, the second has at " + deviation.text());
    }
    Optional<Deviation> ofOne = one.from(earlier.get());
    Optional<Deviation> ofOther = other.from(earlier.get());
    if (ofOne.isPresent() && ofOther.isPresent()) {
      String who = between.isEmpty() ? "both differ from an earlier run" : "all three differ";
      return ofOne.map(deviation -> who + ", the first has at " + deviation.text());
    }
    return ofOne
        .map(deviation -> "the first deviates at " + deviation.text())
        .or(() -> ofOther.map(deviation -> "the second deviates at " + deviation.text()));
  }

  private Optional<String> checkpoints() throws IOException {
    Map<String, String> mine = firstDigests.poll();
    Map<String, String> theirs = secondDigests.poll();
    Map<String, String> earlier = referenceDigests.poll();
    for (Map.Entry<String, String> one : mine.entrySet()) {
      String name = one.getKey();
      if (theirs.containsKey(name) && compared.add(name)) {
        Optional<Step> before =
            Optional.ofNullable(earlier.get(name)).map(digest -> step(name, digest));
        Optional<String> deviation =
            judge(step(name, one.getValue()), step(name, theirs.get(name)), before);
        if (deviation.isPresent()) {
          return deviation;
        }
      }
    }
    return Optional.empty();
  }

  private static Step step(String checkpoint, String digest) {
    long number = Long.parseLong(checkpoint.substring(checkpoint.indexOf('-') + 1));
    return new Step(number, Map.of("checkpoint digest", digest));
  }

  /** Steps that both have and that were compared. */
  long steps() {
    return first.steps();
  }

  /** Steps that were compared with the earlier run, too. */
  long referenceSteps() {
    return reference.steps();
  }

  /** Checkpoints that were compared. */
  int checkpointsCompared() {
    return compared.size();
  }

  @Override
  public void close() throws IOException {
    try (first;
        second;
        reference) {
      // Closing all of them is the point, also when one fails.
    }
  }
}
