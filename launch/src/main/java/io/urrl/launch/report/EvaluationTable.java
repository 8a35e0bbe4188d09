package io.urrl.launch.report;

import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.launch.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Results of evaluations as a table for people. */
public final class EvaluationTable {

  /**
   * Waits for results and puts them into a table.
   *
   * @throws UserException when one of the jobs failed
   */
  public static String of(List<CompletableFuture<Outcome>> results) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(Locale.ROOT, "%-28s %8s %8s %8s", "features", "top-1", "top-5", "rate"));
    for (CompletableFuture<Outcome> result : results) {
      switch (result.join()) {
        case Outcome.Measured measured ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%-28s %7.2f%% %7.2f%% %8s",
                    measured.title(),
                    100 * measured.top1(),
                    100 * measured.top5(),
                    Double.isNaN(measured.rate()) ? "-" : Double.toString(measured.rate())));
        case Outcome.Failed failed ->
            throw new UserException(failed.title() + ": " + failed.text());
      }
    }
    return String.join(System.lineSeparator(), lines);
  }

  private EvaluationTable() {}
}
