package io.urrl.launch.command.soak;

import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that is compared of a run that is over.
 *
 * @param steps its steps in order; the last one stands for the newest checkpoint
 */
record RunTrace(List<Step> steps) {
  private static final String DIGEST = "checkpoint digest";
  private static final int LENGTH = 16;

  /** Reads a run's directory. */
  static RunTrace read(Path run) throws IOException {
    List<Step> steps = new ArrayList<>();
    try (StepReader reader = new StepReader(run)) {
      for (Optional<Step> step = reader.peek(); step.isPresent(); step = reader.peek()) {
        steps.add(step.get());
        reader.advance();
      }
    }
    steps.add(new Step(steps.size(), Map.of(DIGEST, digest(run))));
    return new RunTrace(List.copyOf(steps));
  }

  private static String digest(Path run) throws IOException {
    Optional<Path> newest = checkpoints(run).stream().max(Path::compareTo);
    if (newest.isEmpty()) {
      return "none";
    }
    try {
      return newest.get().getFileName() + " " + CheckpointStore.digest(newest.get());
    } catch (CheckpointException e) {
      return "unreadable: " + e.getMessage();
    }
  }

  /** The directories of a run's checkpoints. */
  static List<Path> checkpoints(Path run) throws IOException {
    Path folder = run.resolve("checkpoints");
    if (Files.notExists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.getFileName().toString().startsWith("step-")).toList();
    }
  }

  /** Steps that the run took. */
  int length() {
    return steps.size() - 1;
  }

  /** Equal, with high probability, exactly when all that is compared is equal. */
  String pattern() {
    MessageDigest digest = Hashes.sha256();
    for (Step step : steps) {
      step.fields()
          .forEach(
              (name, text) ->
                  digest.update((name + "\0" + text + "\n").getBytes(StandardCharsets.UTF_8)));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
  }

  /** Where this run first left the bits of another; empty when it did not. */
  Optional<Deviation> from(RunTrace common) {
    int both = Math.min(length(), common.length());
    return from(common, both)
        .or(
            () ->
                length() == common.length()
                    ? steps.getLast().from(common.steps.getLast())
                    : steps(both).from(common.steps(both)));
  }

  /** The same, as far as this run came: what it did not reach is no deviation. */
  Optional<Deviation> asFarAsItCame(RunTrace common) {
    return from(common, Math.min(length(), common.length()));
  }

  private Optional<Deviation> from(RunTrace common, int count) {
    for (int index = 0; index < count; index++) {
      Optional<Deviation> deviation = steps.get(index).from(common.steps.get(index));
      if (deviation.isPresent()) {
        return deviation;
      }
    }
    return Optional.empty();
  }

  private Step steps(int index) {
    return index < length() ? steps.get(index) : Step.missing(index);
  }
}
