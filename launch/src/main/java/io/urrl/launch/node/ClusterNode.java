package io.urrl.launch.node;

import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.RunNews.Outcome;
import io.urrl.launch.config.HostPort;
import io.urrl.launch.config.NodeRole;
import io.urrl.launch.config.Settings;
import io.urrl.launch.run.OpenedRun;
import io.urrl.launch.run.RunDirectory;
import io.urrl.launch.run.RunView;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A node of a cluster from its start to its end: with its part in the run, which it finds in the
 * run's directory or hears of from others.
 */
public final class ClusterNode implements AutoCloseable {

  /**
   * What a node is to be.
   *
   * @param run directory of the run; null for a node that needs none
   * @param report file that is to say how the node stands; null for none
   */
  public record Plan(String name, Set<NodeRole> roles, Settings settings, Path run, Path report) {}

  private final RunDirectory directory;
  private final Node node;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private volatile boolean draining;

  private ClusterNode(RunDirectory directory, Node node) {
    this.directory = directory;
    this.node = node;
  }

  /**
   * Starts a node.
   *
   * @param view shows the run, on a node that may hold its trainer
   * @param say takes lines for people
   * @throws io.urrl.launch.UserException when the run or an address cannot be used
   */
  public static ClusterNode start(
      Plan plan, Function<RunBrief, RunView> view, Consumer<String> say) {
    boolean needsRun = plan.roles().stream().anyMatch(NodeRole::needsRun);
    RunDirectory directory = needsRun ? RunDirectory.share(plan.run()) : null;
    try {
      OpenedRun run = needsRun ? OpenedRun.of(plan.run()) : null;
      Node node =
          Node.start(
              NodeSettings.of(plan.name(), plan.roles(), plan.settings()),
              plan.settings().config());
      ClusterNode started = new ClusterNode(directory, node);
      if (run != null) {
        started.takePart(plan, run, view, say);
      }
      if (plan.report() != null) {
        node.report(plan.report());
      }
      node.lost().thenAccept(started::onLost);
      return started;
    } catch (RuntimeException e) {
      if (directory != null) {
        directory.close();
      }
      throw e;
    }
  }

  private void takePart(
      Plan plan, OpenedRun run, Function<RunBrief, RunView> view, Consumer<String> say) {
    Node.Run parts = node.startRun(run);
    if (plan.roles().contains(NodeRole.TRAINER)) {
      var _ =
          node.watch(parts, view.apply(run.constants().trainer().brief()))
              .thenAccept(outcome::complete);
      RunDesk.open(plan.run(), parts, outcome, say);
    }
  }

  /** Address of its control messages. */
  public HostPort address() {
    return node.address();
  }

  /** How the run ends, on a node that may hold its trainer. */
  public CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  private void onLost(String why) {
    end.complete(draining ? "" : why);
  }

  /** Leaves the cluster in order. */
  public void drain() {
    draining = true;
    node.drain();
  }

  /** Is completed when the node is no more: with why it was lost, or empty after a drain. */
  public CompletableFuture<String> end() {
    return end;
  }

  @Override
  public void close() {
    node.close();
    if (directory != null) {
      directory.close();
    }
  }
}
