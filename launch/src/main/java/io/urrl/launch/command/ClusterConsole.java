package io.urrl.launch.command;

import io.urrl.launch.UserException;
import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.ClusterDirectory;
import io.urrl.launch.local.ClusterState.End;
import io.urrl.launch.local.LineTail;
import io.urrl.launch.local.NodeLog;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Shows what becomes of a cluster until it ends or somebody has seen enough, and sees to it that
 * somebody watches over it meanwhile.
 */
final class ClusterConsole implements AutoCloseable {
  private static final long PAUSE_MILLIS = 200;

  private final Cluster cluster;
  private final Consumer<String> say;
  private final LineTail events;
  private final Semaphore enough = new Semaphore(0);

  /**
   * @param say takes lines for people
   */
  ClusterConsole(Cluster cluster, Consumer<String> say) {
    this.cluster = cluster;
    this.say = say;
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
      if (enough.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
    }
  }

  private void tell() throws IOException {
    for (Optional<String> line = events.next(); line.isPresent(); line = events.next()) {
      line.filter(NodeLog::tells).ifPresent(say);
    }
  }

  @Override
  public void close() throws IOException {
    events.close();
  }
}
