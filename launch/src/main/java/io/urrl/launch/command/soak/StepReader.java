package io.urrl.launch.command.soak;

import io.urrl.launch.local.LineTail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the steps of a run, which may be under way, from its record. For one thread. */
final class StepReader implements AutoCloseable {
  static final String METRICS = "metrics.jsonl";
  static final String LEDGER = "ledger.jsonl";

  private final LineTail metrics;
  private final LineTail ledger;
  private Optional<String> measured = Optional.empty();
  private Optional<String> audited = Optional.empty();
  private Optional<Step> ahead = Optional.empty();
  private long number;

  /**
   * @param run its directory
   */
  StepReader(Path run) {
    metrics = new LineTail(run.resolve(METRICS));
    ledger = new LineTail(run.resolve(LEDGER));
  }

  /** The next step, once it stands in both files. */
  Optional<Step> peek() throws IOException {
    if (ahead.isEmpty()) {
      measured = measured.isPresent() ? measured : metrics.next();
      audited = audited.isPresent() ? audited : ledger.next();
      if (measured.isPresent() && audited.isPresent()) {
        Map<String, String> fields = new LinkedHashMap<>();
        Fields.add("metrics", measured.get(), fields);
        Fields.add("ledger", audited.get(), fields);
        ahead = Optional.of(new Step(number, fields));
      }
    }
    return ahead;
  }

  /** Goes to the step behind the one that {@link #peek} gave. */
  void advance() {
    measured = Optional.empty();
    audited = Optional.empty();
    ahead = Optional.empty();
    number++;
  }

  /** Steps that were read. */
  long steps() {
    return number;
  }

  @Override
  public void close() throws IOException {
    try (metrics;
        ledger) {
      // Closing both is the point, also when one fails.
    }
  }
}
