package io.urrl.launch.command;

import io.urrl.launch.local.Cluster;

/** What is said of a cluster that is up and that nobody watches over. */
final class Unwatched {

  static void say(Cluster cluster) {
    System.out.println(
        "nobody watches over the nodes: none that ends is started again; begin that with: urrl"
            + " attach --run "
            + cluster.run());
  }

  private Unwatched() {}
}
