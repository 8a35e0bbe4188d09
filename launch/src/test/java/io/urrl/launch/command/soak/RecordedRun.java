package io.urrl.launch.command.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes what a run leaves behind, as the product does. */
final class RecordedRun {
  private final Path folder;

  RecordedRun(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** A run of some steps with the same bits whoever computes it. */
  static Path of(Path folder, int steps) throws IOException {
    RecordedRun run = new RecordedRun(folder);
    for (int step = 0; step < steps; step++) {
      run.step(step);
    }
    return folder;
  }

  void step(int step) throws IOException {
    step(step, "2.50492572784423" + step, "gpu-worker-1", 0.5, "39efb53" + step);
  }

  void step(int step, String loss, String worker, double seconds, String samples)
      throws IOException {
    add(
        StepReader.METRICS,
        "{\"step\":%d,\"loss\":%s,\"lr\":0.15,\"pairs_per_second\":%s,\"wait_views\":%s,\"ready\":3}"
            .formatted(step, loss, seconds, seconds));
    add(
        StepReader.LEDGER,
        ("{\"step\":%d,\"skipped\":false,\"micro_batches\":[{\"worker\":\"%s\",\"attempt\":%d,"
                + "\"version\":%d,\"samples\":\"%s\"}]}")
            .formatted(step, worker, (int) seconds, step, samples));
  }

  private void add(String file, String line) throws IOException {
    Files.writeString(
        folder.resolve(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Replaces a text in one of the run's files. */
  static void change(Path folder, String file, String from, String to) throws IOException {
    String text = Files.readString(folder.resolve(file));
    if (!text.contains(from)) {
      throw new IllegalArgumentException(from + " is not in " + text);
    }
    Files.writeString(folder.resolve(file), text.replace(from, to));
  }

  /** A short run's result. */
  static Result.ShortRun result(int number, String configuration, String pattern) {
    return new Result.ShortRun(
        "subject", number, configuration, "g", 12, 20, pattern, "", List.of(), 0);
  }

  /** The result of a short run that failed. */
  static Result.ShortRun failure(int number, String configuration, String failure) {
    return new Result.ShortRun(
        "subject", number, configuration, "g", 3, 20, "cut", failure, List.of("urrl: NaN"), 0);
  }
}
