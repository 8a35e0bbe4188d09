package io.urrl.launch.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.launch.config.HostPort;
import io.urrl.launch.config.NodeRole;
import io.urrl.launch.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterCommand;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * How a node takes part in a cluster.
 *
 * @param host address that it binds
 * @param port of its control messages, 0 for any that is free
 * @param seeds nodes that it joins through, of which the first one alone may begin a cluster; none
 *     for a cluster of this node alone
 * @param silence without a sign of life after which a node is put out
 */
public record Membership(String host, int port, List<HostPort> seeds, Duration silence) {
  /** Name of the actor system on every node. */
  static final String SYSTEM = "urrl";

  /**
   * The role of all nodes that work. Who only watches counts for nothing when a cluster that was
   * cut in two decides which part goes on.
   */
  private static final String WORKING = "working";

  /** How long a node looks for its cluster. */
  private static final Duration LONGEST_JOIN = Duration.ofMinutes(1);

  /**
   * A node that was not heard for three tenths of the time is said to be unreachable, and others
   * compute what it has; when all parts have kept saying the same for four tenths of it, they
   * decide. The rest is the detector's own margin.
   */
  private static final double UNREACHABLE = 0.3;

  private static final double STABLE = 0.4;

  /** In a cluster of its own on the loopback interface. */
  public static Membership alone() {
    return new Membership("127.0.0.1", 0, List.of(), Duration.ofSeconds(10));
  }

  /** As settings say. */
  public static Membership of(Settings.Cluster settings) {
    return new Membership(
        settings.host(), settings.port(), settings.seedNodes(), settings.failureTimeout());
  }

  /** Pekko's settings of a node with some roles. */
  Config config(Set<NodeRole> roles) {
    List<String> words =
        Stream.concat(
                roles.stream().map(NodeRole::word),
                roles.isEmpty() ? Stream.empty() : Stream.of(WORKING))
            .toList();
    return ConfigFactory.parseMap(
        Map.of(
            "pekko.remote.artery.canonical.hostname",
            host,
            "pekko.remote.artery.canonical.port",
            port,
            "pekko.cluster.roles",
            words,
            "pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes",
            LONGEST_JOIN.toSeconds() + "s",
            "pekko.cluster.failure-detector.acceptable-heartbeat-pause",
            part(UNREACHABLE),
            "pekko.cluster.split-brain-resolver.stable-after",
            part(STABLE),
            "pekko.cluster.split-brain-resolver.keep-majority.role",
            WORKING));
  }

  private String part(double fraction) {
    return Math.round(silence.toMillis() * fraction) + "ms";
  }

  /** Has a node join. */
  void join(Cluster cluster) {
    ClusterCommand how =
        seeds.isEmpty()
            ? Join.create(cluster.selfMember().address())
            : new JoinSeedNodes(seeds.stream().map(Membership::address).toList());
    cluster.manager().tell(how);
  }

  private static Address address(HostPort seed) {
    return new Address("pekko", SYSTEM, seed.host(), seed.port());
  }
}
