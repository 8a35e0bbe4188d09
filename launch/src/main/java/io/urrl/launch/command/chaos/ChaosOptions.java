package io.urrl.launch.command.chaos;

import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.config.Settings;
import io.urrl.launch.local.NodeProgram;
import java.nio.file.Path;
import java.util.List;

/**
 * What to try.
 *
 * @param directory of the runs
 * @param settings of the runs, but for their staleness
 * @param staleness of the runs, one after the other
 * @param nodes of each cluster
 * @param faults that happen to each role
 * @param roles that are hit
 * @param rounds how often each fault happens to each role
 * @param seed chooses order and moments
 * @param program starts nodes
 */
public record ChaosOptions(
    Path directory,
    Settings settings,
    List<Integer> staleness,
    NodeCounts nodes,
    List<Fault> faults,
    List<String> roles,
    int rounds,
    long seed,
    NodeProgram program) {

  /** Copies the lists. */
  public ChaosOptions {
    staleness = List.copyOf(staleness);
    faults = List.copyOf(faults);
    roles = List.copyOf(roles);
  }
}
