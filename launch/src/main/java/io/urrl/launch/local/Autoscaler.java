package io.urrl.launch.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.local.AugmentScaling.Change;
import io.urrl.launch.local.AugmentScaling.Reading;
import io.urrl.launch.local.AugmentScaling.Size;
import io.urrl.launch.run.JsonLines;
import io.urrl.launch.run.RunFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Changes the number of augment nodes where {@code augment.autoscale} says so: reads how the run
 * fares and has {@link AugmentScaling} decide. For the thread of whoever supervises.
 */
final class Autoscaler {
  /** After an order of somebody's, it is left to that for so long. */
  static final Duration AFTER_ORDER = Duration.ofMinutes(5);

  private static final long PAUSE_MILLIS = 2_000;
  private static final String KIND = "augment";
  private static final String WORKERS = "workers.augment";

  private final ClusterDirectory cluster;
  private final Consumer<String> say;
  private Settings settings;
  private AugmentScaling scaling;
  private long lookedAt = -PAUSE_MILLIS;

  Autoscaler(ClusterDirectory cluster, Consumer<String> say) {
    this.cluster = cluster;
    this.say = say;
  }

  /**
   * Changes what is wanted where that is due.
   *
   * @param millis of a clock that only goes forward
   * @param failed names of nodes that were given up
   */
  void look(long millis, Wanted wanted, Predicate<String> failed) throws IOException {
    if (millis - lookedAt < PAUSE_MILLIS) {
      return;
    }
    lookedAt = millis;
    if (settings == null) {
      settings = SettingsLoader.load(cluster.settings(), Map.of());
      int most = settings.augment().max();
      int least = settings.augment().min();
      scaling =
          new AugmentScaling(
              least,
              Math.max(least, most == 0 ? Runtime.getRuntime().availableProcessors() : most));
    }
    if (!settings.augment().autoscale()) {
      return;
    }
    Optional<Reading> reading =
        JsonLines.newest(cluster.run().resolve(RunFiles.METRICS)).map(Autoscaler::reading);
    List<Wanted.Node> nodes = wanted.running(KIND);
    if (reading.isEmpty() || nodes.isEmpty()) {
      return;
    }
    int lost = (int) nodes.stream().filter(node -> failed.test(node.name())).count();
    int others =
        wanted.nodes().stream()
            .filter(node -> node.runs() && node.roles().contains(KIND) && !nodes.contains(node))
            .filter(node -> !failed.test(node.name()))
            .mapToInt(this::workers)
            .sum();
    Size size = new Size(nodes.size() - lost, workers(nodes.getFirst()), others);
    boolean free = !wanted.orderedWithin(AFTER_ORDER, Instant.now());
    scaling
        .look(millis, reading.get(), size, free)
        .ifPresent(change -> carryOut(change, nodes.size(), lost));
  }

  private static Reading reading(JsonNode line) {
    JsonNode more = line.path("augment_more");
    return new Reading(
        line.path("step").asLong(-1),
        line.path("augment_workers").asInt(),
        more.isInt() ? OptionalInt.of(more.asInt()) : OptionalInt.empty());
  }

  private int workers(Wanted.Node node) {
    String own = node.set().get(WORKERS);
    return own == null ? settings.workers().augment() : Integer.parseInt(own);
  }

  private void carryOut(Change change, int before, int lost) {
    int after = change.nodes() + lost;
    Wanted changed =
        cluster.edit(
            now ->
                // Whoever gave an order a moment ago goes first.
                now.stopped()
                        || now.running(KIND).size() != before
                        || now.orderedWithin(AFTER_ORDER, Instant.now())
                    ? now
                    : Cluster.scaled(cluster, now, NodeCounts.parse(KIND + "=" + after)));
    if (changed.running(KIND).size() == after) {
      say.accept(
          "%s: %d augment node%s in place of %d (augment.autoscale)"
              .formatted(change.why(), after, after == 1 ? "" : "s", before));
    }
  }
}
