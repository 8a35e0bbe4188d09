package io.urrl.launch.command;

import io.urrl.launch.UserException;
import io.urrl.launch.local.ClusterState.End;
import java.nio.file.Path;

/** What is said at the end of a cluster. */
final class ClusterEnd {

  /**
   * Says how a run ended and how to go on.
   *
   * @param path directory of the run
   * @throws UserException when the run failed
   */
  static void say(End end, Path path) {
    if (end.failed()) {
      throw new UserException(
          "%s (urrl logs --run %s shows more; go on with: urrl up --run %s --resume)"
              .formatted(end.text(), path, path));
    }
    System.out.println(
        end.done()
            ? end.text()
            : "%s; go on with: urrl up --run %s --resume".formatted(end.text(), path));
  }

  private ClusterEnd() {}
}
