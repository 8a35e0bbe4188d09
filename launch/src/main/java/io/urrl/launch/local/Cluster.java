package io.urrl.launch.local;

import com.typesafe.config.ConfigValueFactory;
import io.urrl.actors.files.FileFailure;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.config.SettingsTable;
import io.urrl.launch.run.ProcessLock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A cluster on this machine for those who give orders: they change what is wanted, and whoever
 * supervises carries it out. Where nobody does, whoever gives the order does, for that time.
 */
public final class Cluster {
  /** How long a JVM may take to begin its watch on a machine that is busy. */
  private static final Duration WATCH_BEGINS = Duration.ofMinutes(1);

  private static final int LAST_LINES = 8;

  private final ClusterDirectory directory;
  private final NodeProgram program;

  private Cluster(ClusterDirectory directory, NodeProgram program) {
    this.directory = directory;
    this.program = program;
  }

  /**
   * The cluster that somebody means.
   *
   * @param run directory of its run; null for the newest one below {@code runs/} that has a cluster
   */
  public static Cluster find(Path run, NodeProgram program) {
    return new Cluster(ClusterDirectory.find(run), program);
  }

  /**
   * Refuses a run whose cluster lives.
   *
   * @param run directory of the run
   * @throws UserException saying who watches over it, or that its nodes live
   */
  public static void requireNone(Path run) {
    ClusterDirectory directory = new ClusterDirectory(run);
    ClusterState state = directory.exists() ? directory.state() : ClusterState.none();
    if (state.supervised() || state.anyAlive()) {
      throw new UserException(
          "run %s has a cluster that is up; come back to it with: urrl attach --run %s, or end it with: urrl down --run %s"
              .formatted(run, run, run));
    }
  }

  /**
   * Writes down a cluster that is to be. Nothing is started yet.
   *
   * @param run directory of the run, which is described already
   * @param settings of all nodes
   * @param own settings of single nodes, by their role
   * @param driver whether the nodes share a media driver that is started for them
   * @throws UserException when the directory does not allow it, or no ports are free
   */
  public static Cluster begin(
      Path run,
      NodeCounts counts,
      Settings settings,
      Map<String, Map<String, String>> own,
      boolean driver,
      NodeProgram program) {
    ClusterDirectory directory = new ClusterDirectory(run);
    try {
      Files.createDirectories(directory.lock().getParent());
      Optional<ProcessLock> lock = ProcessLock.take(directory.lock());
      if (lock.isEmpty()) {
        throw new UserException(
            "process %s watches over a cluster of run %s; end it with: urrl down --run %s"
                .formatted(ProcessLock.holder(directory.lock()), run, run));
      }
      try (ProcessLock _ = lock.get()) {
        directory.clear();
        Optional<Wanted.Node> shared =
            driver ? Optional.of(DriverPlace.take(run, settings)) : Optional.empty();
        Files.writeString(directory.settings(), DriverPlace.written(settings, shared));
        Wanted none = new Wanted(Instant.now().toString(), false, "", shared.stream().toList());
        directory.write(
            Scaling.scaled(
                none,
                counts,
                ClusterState.none(),
                new Maker(directory, settings.cluster().host(), none, counts, own)::node));
      }
    } catch (IOException e) {
      throw new UserException(
          "a cluster of run %s cannot be started: %s".formatted(run, FileFailure.reason(run, e)),
          e);
    }
    return new Cluster(directory, program);
  }

  /**
   * Settings of a run that a cluster is to carry out: where nobody said how many slices the
   * parameters have, they have one for each shard of the cluster, and a term waits for those.
   */
  public static Settings fitted(Settings settings, NodeCounts counts) {
    if (settings.slices() > 0) {
      return settings;
    }
    int shards = counts.playing("parameters") * settings.workers().parameters();
    return Settings.of(
        settings
            .config()
            .withValue(SettingsTable.SLICES.path(), ConfigValueFactory.fromAnyRef(shards)));
  }

  /** Makes nodes with ports of their own. */
  private static final class Maker {
    private final String host;
    private final Iterator<Integer> ports;
    private final Map<String, Map<String, String>> own;

    Maker(
        ClusterDirectory directory,
        String host,
        Wanted wanted,
        NodeCounts counts,
        Map<String, Map<String, String>> own)
        throws IOException {
      Set<Integer> taken = new HashSet<>();
      wanted.nodes().forEach(node -> taken.add(node.port()));
      int most = counts.counts().values().stream().mapToInt(Integer::intValue).sum();
      ports = Ports.free(host, directory.run().toAbsolutePath().toString(), taken, most).iterator();
      this.host = host;
      this.own = own;
    }

    private Wanted.Node node(String name, String kind) {
      List<String> roles = NodeCounts.roles(kind);
      Map<String, String> set = new HashMap<>();
      roles.forEach(role -> set.putAll(own.getOrDefault(role, Map.of())));
      return new Wanted.Node(name, roles, host, ports.next(), set, Wanted.Wish.RUN);
    }
  }

  /** Directory of the run. */
  public Path run() {
    return directory.run();
  }

  /**
   * The settings of all nodes, for another member.
   *
   * @param seeds addresses of members that it joins by, separated by commas
   */
  public Settings settings(String seeds) {
    return SettingsLoader.load(
        directory.settings(), Map.of("cluster.seed-nodes", seeds, "cluster.port", "0"));
  }

  /** The files of the cluster. */
  public ClusterDirectory directory() {
    return directory;
  }

  /** What should run. */
  public Wanted wanted() {
    return directory.wanted();
  }

  /** What whoever supervises saw last. */
  public ClusterState state() {
    return directory.state();
  }

  /** How all nodes fare. */
  public List<NodeStatus> nodes() {
    ClusterState state = directory.state();
    String here = here();
    return directory.wanted().nodes().stream()
        .map(
            node -> {
              Optional<ClusterState.Node> seen = state.node(node.name());
              return NodeStatus.of(
                  node, seen, seen.flatMap(one -> directory.report(node, one.process())), here);
            })
        .toList();
  }

  private static String here() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Sees to it that a process of its own watches, where none does. */
  public void watched() {
    if (directory.state().supervised()) {
      return;
    }
    NodeLog log = directory.log(ClusterDirectory.SUPERVISOR);
    try {
      log.begin("the watch begins");
      Process process = DetachedProcess.start(program.supervisor(directory), log.file());
      boolean begun =
          Waiting.until(() -> directory.state().supervised() || !process.isAlive(), WATCH_BEGINS);
      ClusterState state = directory.state();
      if (!begun || (!state.supervised() && state.end() == null)) {
        throw new UserException(
            "nobody watches over the cluster: %s (all of it: %s)"
                .formatted(String.join("; ", log.last(LAST_LINES)), log.file()));
      }
    } catch (IOException e) {
      throw new UserException(
          "nobody can be started to watch over the cluster: " + FileFailure.reason(log.file(), e),
          e);
    }
  }

  /** Watches in this process until nothing is left to watch. Returns false when another does. */
  public boolean watch(Consumer<String> say) throws InterruptedException {
    Optional<Supervisor> taken = Supervisor.take(directory, program, say);
    if (taken.isEmpty()) {
      return false;
    }
    try (Supervisor supervisor = taken.get()) {
      supervisor.watch(state -> false);
    }
    return true;
  }

  /** Asks for a checkpoint and the end. */
  public void stop() {
    directory.edit(Wanted::stop);
  }

  /**
   * Changes the number of nodes.
   *
   * @param counts nodes of each kind that is to change
   * @return what is wanted now
   */
  public Wanted scale(NodeCounts counts) {
    requireGoingOn();
    return directory.edit(wanted -> scaled(directory, wanted, counts).orderedAt(Instant.now()));
  }

  /** What is wanted with other numbers of nodes. */
  static Wanted scaled(ClusterDirectory directory, Wanted wanted, NodeCounts counts) {
    String host = wanted.nodes().getLast().host();
    try {
      Maker maker = new Maker(directory, host, wanted, counts, ownSettings(wanted));
      return Scaling.scaled(wanted, counts, directory.state(), maker::node);
    } catch (IOException e) {
      throw new UserException(e.getMessage(), e);
    }
  }

  /** Settings of single nodes by their roles, as the nodes of each role have them. */
  private static Map<String, Map<String, String>> ownSettings(Wanted wanted) {
    Map<String, Map<String, String>> own = new HashMap<>();
    for (Wanted.Node node : wanted.nodes()) {
      node.roles().forEach(role -> own.putIfAbsent(role, node.set()));
    }
    return own;
  }

  /**
   * Sends a node away.
   *
   * @throws UserException when there is no such node, or the run could not go on without it
   */
  public void drain(String name) {
    requireGoingOn();
    directory.edit(wanted -> Scaling.drained(wanted, name).orderedAt(Instant.now()));
  }

  /**
   * Refuses orders to a cluster that has ended.
   *
   * @throws UserException saying how to start one
   */
  public void requireGoingOn() {
    ClusterState.End end = directory.state().end();
    if (end != null) {
      throw new UserException(
          "the cluster of run %s has ended (%s); start it again with: urrl up --run %s --resume"
              .formatted(run(), end.text(), run()));
    }
  }

  /**
   * Waits until an order is carried out, and carries it out where nobody watches.
   *
   * @param carriedOut whether it is, by how the nodes fare
   * @param say is told what happens where nobody watches
   * @return whether it was before the time was over
   */
  public boolean await(Predicate<Cluster> carriedOut, Duration most, Consumer<String> say)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    if (!directory.state().supervised()) {
      Optional<Supervisor> taken = Supervisor.take(directory, program, say);
      if (taken.isPresent()) {
        try (Supervisor supervisor = taken.get()) {
          supervisor.watch(state -> carriedOut.test(this) || System.nanoTime() > end);
        }
        return carriedOut.test(this);
      }
    }
    return Waiting.until(() -> carriedOut.test(this), Duration.ofNanos(end - System.nanoTime()));
  }

  /** Whether every node that should work does, and every other one has left or was given up. */
  public boolean settled() {
    Wanted wanted = directory.wanted();
    return state().end() != null
        || nodes().stream().allMatch(node -> settled(node, wanted.node(node.name())));
  }

  private static boolean settled(NodeStatus node, Optional<Wanted.Node> wanted) {
    return switch (node.state()) {
      case "failed" -> true;
      case "gone" -> wanted.filter(Wanted.Node::runs).isEmpty();
      case "up" -> wanted.filter(Wanted.Node::runs).isPresent();
      default -> false;
    };
  }

  /** Whether a node has left. */
  public boolean isGone(String name) {
    return state().end() != null
        || nodes().stream()
            .filter(node -> node.name().equals(name))
            .allMatch(node -> node.state().equals("gone"));
  }

  /**
   * Refuses the name of a node that is none.
   *
   * @throws UsageException with the one that may be meant
   */
  public void requireNode(String name) {
    Scaling.named(directory.wanted(), name);
  }

  /** The last lines that a node printed. */
  public List<String> lastLines(String name) throws IOException {
    return directory.log(name).last(LAST_LINES);
  }
}
