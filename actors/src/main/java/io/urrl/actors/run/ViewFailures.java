package io.urrl.actors.run;

import io.urrl.actors.protocol.TrainerCommand.DataRefused;
import io.urrl.actors.protocol.TrainerCommand.PictureBroken;
import io.urrl.actors.protocol.TrainerCommand.TaskId;
import io.urrl.actors.protocol.TrainerCommand.ViewReport;
import io.urrl.actors.protocol.TrainerCommand.ViewsFailed;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What went wrong with pictures: damaged ones are replaced up to a limit; a task that failed at two
 * workers is the data's fault and not a worker's.
 */
final class ViewFailures {
  /** How long a run waits for views where some hosts refuse to make them and none comes. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final int brokenLimit;
  private final LongSupplier millis;
  private final Set<Integer> broken = new HashSet<>();

  /** Tasks that failed, and the worker at which they did. */
  private final Map<TaskId, String> failed = new HashMap<>();

  /** What workers said whose hosts do not see the data. */
  private final Set<String> refusals = new HashSet<>();

  /** The newest refusal since the last step; null when there was none. */
  private String refusal;

  private long refusedAt;

  /**
   * @param brokenLimit most distinct pictures that may turn out unreadable
   * @param millis a clock in milliseconds of any origin
   */
  ViewFailures(int brokenLimit, LongSupplier millis) {
    this.brokenLimit = brokenLimit;
    this.millis = millis;
  }

  /**
   * Takes a report, which may be a repeat.
   *
   * @param checkpoint path of the newest one, empty when there is none
   * @param notices hears of what the run survives
   * @return why the run ends, when it does
   */
  Optional<String> on(ViewReport report, String checkpoint, Consumer<String> notices) {
    return switch (report) {
      case PictureBroken picture -> onBroken(picture, notices);
      case ViewsFailed views -> onFailed(views, checkpoint, notices);
      case DataRefused refused -> {
        onRefused(refused, notices);
        yield Optional.empty();
      }
    };
  }

  private void onRefused(DataRefused refused, Consumer<String> notices) {
    if (refusals.add(refused.text())) {
      notices.accept(refused.text() + ". Others make the views meanwhile");
    }
    if (refusal == null) {
      refusedAt = millis.getAsLong();
    }
    refusal = refused.text();
  }

  /** A step was closed: somebody makes views. */
  void onProgress() {
    refusal = null;
  }

  /** Why the run ends, when views were refused for long and none came from others. */
  Optional<String> overdue() {
    boolean late = refusal != null && millis.getAsLong() - refusedAt >= PATIENCE.toMillis();
    return late ? Optional.of(refusal) : Optional.empty();
  }

  private Optional<String> onBroken(PictureBroken picture, Consumer<String> notices) {
    if (!broken.add(picture.sample())) {
      return Optional.empty();
    }
    notices.accept("skipping " + picture.name() + ": " + picture.reason());
    return broken.size() <= brokenLimit
        ? Optional.empty()
        : Optional.of(
            broken.size()
                + " pictures cannot be read, the last one "
                + picture.name()
                + " ("
                + picture.reason()
                + "); "
                + brokenLimit
                + " are allowed. Mend or remove them, or raise data.max-broken");
  }

  private Optional<String> onFailed(
      ViewsFailed views, String checkpoint, Consumer<String> notices) {
    String first = failed.putIfAbsent(views.task(), views.worker());
    if (first == null) {
      notices.accept("trying once more: " + views.text());
    }
    return first == null || first.equals(views.worker())
        ? Optional.empty()
        : Optional.of(
            "%s (tried twice; the last checkpoint: %s)"
                .formatted(views.text(), TermRun.forPeople(checkpoint)));
  }
}
