package io.urrl.launch.command;

import io.urrl.launch.UserException;
import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.ClusterDirectory;
import io.urrl.launch.local.ClusterState.End;
import io.urrl.launch.local.LineTail;
import io.urrl.launch.local.NodeLog;
import io.urrl.launch.report.ConsoleView;
import io.urrl.launch.report.Terminal;
import io.urrl.launch.run.RunView;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Shows what becomes of a cluster until it ends or somebody has seen enough, and sees to it that
 * somebody watches over it meanwhile.
 */
final class ClusterConsole implements AutoCloseable {
  private static final long PAUSE_MILLIS = 200;

  private final Cluster cluster;
  private final RunView view;
  private final LineTail events;
  private final Semaphore enough = new Semaphore(0);
  private RunWatch watch;

  /** Shows a cluster on standard output. */
  ClusterConsole(Cluster cluster) {
    this.cluster = cluster;
    int batch = cluster.settings("").train().batch();
    view = new OneAtATime(new ConsoleView(System.out, Terminal.isLive(), batch));
    try {
      events = LineTail.fromEnd(cluster.directory().logFile(ClusterDirectory.SUPERVISOR));
    } catch (IOException e) {
      throw new UserException("what happens cannot be shown: " + e.getMessage(), e);
    }
  }

  /** Ends the show; the cluster goes on. */
  void leave() {
    enough.release();
  }

  /**
   * Shows until the end.
   *
   * @return how the cluster ended; nothing when somebody had seen enough
   */
  Optional<End> show() throws InterruptedException, IOException {
    while (true) {
      End end = cluster.state().end();
      tell();
      if (end != null) {
        return Optional.of(end);
      }
      cluster.watched();
      look();
      if (enough.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
    }
  }

  /** Joins the cluster as soon as it has a member, and again when it was put out. */
  private void look() {
    if (watch != null && watch.isOver()) {
      watch.close();
      watch = null;
    }
    if (watch == null
        && cluster.nodes().stream().anyMatch(node -> node.isMember() && node.isUp())) {
      watch = RunWatch.start(cluster, view);
    }
  }

  private void tell() throws IOException {
    for (Optional<String> line = events.next(); line.isPresent(); line = events.next()) {
      line.filter(NodeLog::tells).ifPresent(view::notice);
    }
  }

  @Override
  public void close() throws IOException {
    if (watch != null) {
      watch.close();
    }
    events.close();
  }
}
