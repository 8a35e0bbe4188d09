package io.urrl.actors.run;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Workers that would compute other bits than the run's. The run goes on with the others while there
 * are any, or may still join: only when all have been refused for a while, it ends.
 *
 * @param <W> a worker
 */
final class Refusals<W> {
  private final int patience;
  private final Set<W> refused = new HashSet<>();
  private String text = "";
  private int ticksAlone;

  /**
   * @param patience ticks for which all workers are refused before the run ends
   */
  Refusals(int patience) {
    this.patience = patience;
  }

  /**
   * Takes a refusal.
   *
   * @param text why, for people
   * @return whether the worker was not refused before
   */
  boolean add(W worker, String text) {
    this.text = text;
    return refused.add(worker);
  }

  /** A worker is gone; returns whether it was refused. */
  boolean remove(W worker) {
    return refused.remove(worker);
  }

  void clear() {
    refused.clear();
  }

  /** Time passes; gives the newest refusal's text when the run is to end by it. */
  Optional<String> tick(Set<W> workers) {
    boolean alone = !workers.isEmpty() && refused.containsAll(workers);
    ticksAlone = alone ? ticksAlone + 1 : 0;
    return ticksAlone < patience ? Optional.empty() : Optional.of(text);
  }
}
